import { number, type Progress, visible } from "../src/index.js";
import type { Talk, Terminal } from "./terminal.js";

/** Shows progress on stderr: a bar that redraws itself on a terminal, a plain line now and then elsewhere. */
export interface ProgressView {
  show(progress: Progress): void;
  /** Leaves the terminal clean. */
  end(): void;
}

const barWidth = 24;

export function progressView({ err }: Terminal, { quiet }: Talk): ProgressView {
  if (quiet) return { show: () => undefined, end: () => undefined };
  const live = err.isTTY === true;
  const every = live ? 100 : 5000;
  const clock = new PhaseClock();
  let lastShown = 0;
  let drawn = false;
  let waitingFor = "";
  const clear = () => {
    if (drawn) err.write("\r\u001b[K");
    drawn = false;
  };
  const line = (text: string) => {
    clear();
    err.write(`${text}\n`);
  };
  return {
    show(progress) {
      if (progress.kind === "tables") return;
      if (progress.kind === "step") return line(`${progress.text}…`);
      if (progress.kind === "warning") return line(`warning: ${visible(progress.text)}`);
      if (progress.kind === "wait") {
        // Said once, and again when it is another reason.
        if (progress.text !== waitingFor) line(visible(progress.text));
        waitingFor = progress.text;
        return;
      }
      clock.follow(progress.phase);
      const now = performance.now();
      if (now - lastShown < every) return;
      lastShown = now;
      const text = rowsText(progress, clock.seconds());
      if (!live) return line(text);
      err.write(`\r\u001b[K${text.slice(0, (err.columns ?? 80) - 1)}`);
      drawn = true;
    },
    end: clear,
  };
}

/** Time since the present phase began. */
class PhaseClock {
  #phase = "";
  #start = 0;

  follow(phase: string): void {
    if (phase === this.#phase) return;
    this.#phase = phase;
    this.#start = performance.now();
  }

  seconds(): number {
    return (performance.now() - this.#start) / 1000;
  }
}

function rowsText(progress: Progress & { kind: "rows" }, seconds: number): string {
  const { phase, table, tableNumber, tables, done, total } = progress;
  const rate = seconds > 0 ? done / seconds : 0;
  const share = total === undefined || total === 0 ? undefined : Math.min(1, done / total);
  const parts = [
    `${phase} ${tableNumber}/${tables} ${visible(table)}`,
    share === undefined ? `${number(done)} rows` : `${bar(share)} ${Math.floor(share * 100)} %`,
    `${number(Math.round(rate))} rows/s`,
    ...(share === undefined || rate === 0 || total === undefined
      ? []
      : [`${duration((total - done) / rate)} left`]),
  ];
  return parts.join("  ");
}

function bar(share: number): string {
  const full = Math.round(share * barWidth);
  return `[${"#".repeat(full)}${".".repeat(barWidth - full)}]`;
}

function duration(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  if (whole < 60) return `${whole} s`;
  return `${Math.floor(whole / 60)} min ${whole % 60} s`;
}
