import type { Session } from "../session.js";
import { connectFields, placeOf } from "../state/state.js";

/** What a typed line means: an answer, a number of the list, or a key of the key table by its name. */
export function take(session: Session, typed: string): void {
  const { prompt } = session.state();
  const word = typed.trim();
  if (word === "ctrl+c") session.press({ name: "ctrl+c" });
  else if (prompt !== undefined) answer(session, typed);
  else if (placeOf(session.state()).screen === "connect") connect(session, word);
  else if (/^\d+$/.test(word)) open(session, Number(word) - 1);
  else if (word !== "") session.press({ name: word });
}

function open(session: Session, at: number): void {
  session.dispatch({ type: "select", at });
  session.press({ name: "enter" });
}

function answer(session: Session, typed: string): void {
  const isValue = session.state().prompt?.asks.kind === "value";
  if (typed.trim() === "esc") {
    session.press({ name: "esc" });
    return;
  }
  if (isValue && typed.trim() === "NULL") session.press({ name: "ctrl+n" });
  else replaceText(session, typed);
  session.press({ name: "enter" });
}

/** `pre postgresql://…`, or the name of a key. */
function connect(session: Session, word: string): void {
  const [name = "", url = ""] = word.split(/\s+/, 2);
  const field = connectFields.find((known) => known === name);
  if (field !== undefined) {
    session.dispatch({ type: "focus", field });
    replaceText(session, url);
  } else if (name === "enter" || name === "esc") session.press({ name });
  else if (name === "mode") session.press({ name: "ctrl+t" });
  else
    session.dispatch({ type: "refused", why: `"${name}" is none of pre, post, current, mode, enter, esc` });
}

function replaceText(session: Session, text: string): void {
  session.press({ name: "end" });
  session.press({ name: "ctrl+u" });
  session.dispatch({ type: "type", edit: { kind: "insert", text } });
}
