import { useInput } from "ink";
import { useLayoutEffect, useSyncExternalStore } from "react";
import { frame } from "../screens/frame.js";
import type { Session } from "../session.js";
import { pressesOf } from "./key-names.js";
import type { Painter } from "./painter.js";

interface AppProps {
  readonly session: Session;
  readonly color: boolean;
  readonly painter: Painter;
}

/** Has the state drawn, and hands over keys. Nothing is decided here. */
export function App({ session, color, painter }: AppProps) {
  const state = useSyncExternalStore(session.subscribe, session.state);
  useInput((input, key) => {
    for (const press of pressesOf(input, key)) session.press(press);
  });
  useLayoutEffect(() => painter.draw(frame(state, color), state.size.columns), [state, color, painter]);
  return null;
}
