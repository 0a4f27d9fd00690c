/** How many of something there are at a scale; one at least, or part of the story would not take place. */
export function portion(atScaleOne: number, scale: number): number {
  return Math.max(1, Math.round(atScaleOne * scale));
}
