import { useInput } from "ink";
import { useSyncExternalStore } from "react";
import { frame } from "../screens/frame.js";
import type { Session } from "../session.js";
import { pressesOf } from "./key-names.js";
import { Lines } from "./lines.js";

interface AppProps {
  readonly session: Session;
  readonly color: boolean;
}

/** Draws the state, and hands over keys. Nothing is decided here. */
export function App({ session, color }: AppProps) {
  const state = useSyncExternalStore(session.subscribe, session.state);
  useInput((input, key) => {
    for (const press of pressesOf(input, key)) session.press(press);
  });
  const lines = frame(state, color);
  return <Lines lines={lines} height={lines.length} columns={state.size.columns} color={color} />;
}
