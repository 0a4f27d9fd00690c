/** As long as a person does not notice. */
const sliceMs = 12;

/** Lets the browser paint and answer its reader. */
function pause(): Promise<void> {
  return new Promise((resolve) => {
    const channel = new MessageChannel();
    channel.port1.onmessage = () => resolve();
    channel.port2.postMessage(undefined);
  });
}

/** Works through many things in slices. Stops early, and says so, once it is no longer wanted. */
export async function inSlices<T>(
  items: Iterable<T>,
  work: (item: T) => void,
  isWanted: () => boolean = () => true,
): Promise<boolean> {
  let until = performance.now() + sliceMs;
  for (const item of items) {
    work(item);
    if (performance.now() < until) continue;
    await pause();
    if (!isWanted()) return false;
    until = performance.now() + sliceMs;
  }
  return true;
}
