import { type Moment, timestamp } from "./moments.js";

/** A turning point of a story. */
export interface Headline {
  readonly at: Moment;
  readonly text: string;
}

/** Tells each turning point once, when the story gets there. */
export function tellHeadlines(
  headlines: readonly Headline[],
  tell: (text: string) => void,
): (now: Moment) => void {
  const ahead = [...headlines];
  return (now) => {
    for (let next = ahead[0]; next && next.at <= now; next = ahead[0]) {
      tell(`${timestamp(next.at).slice(11, 16)} ${next.text}`);
      ahead.shift();
    }
  };
}
