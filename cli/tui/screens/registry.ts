import { type Place, placeOf, type ScreenName, type State } from "../state/state.js";
import type { Line } from "../text/line.js";
import { apply } from "./apply.js";
import { approve } from "./approve.js";
import { connect } from "./connect.js";
import { details } from "./details.js";
import { groups } from "./groups.js";
import { help } from "./help.js";
import { overview } from "./overview.js";
import { patch } from "./patch.js";
import { recovery } from "./recovery.js";
import { rehearse } from "./rehearse.js";
import { row } from "./row.js";
import { rows } from "./rows.js";
import { scan } from "./scan.js";
import type { Screen, Told, View } from "./screen.js";
import { signatureRows } from "./signature-rows.js";
import { signatures } from "./signatures.js";
import { story } from "./story.js";
import { timeline } from "./timeline.js";
import { verify } from "./verify.js";

/** All screens there are, by the name of their place. */
const screens: { readonly [S in ScreenName]: Screen<S> } = {
  connect,
  scan,
  overview,
  groups,
  rows,
  row,
  details,
  patch,
  signatures,
  "signature-rows": signatureRows,
  story,
  timeline,
  recovery,
  rehearse,
  approve,
  apply,
  verify,
  help,
};

// A place and the screen of its name belong together: TypeScript cannot follow that through the union.
const screenOf = (place: Place) => screens[place.screen] as unknown as Screen<ScreenName>;

export const titleOf = (place: Place, state: State): string => screenOf(place).title(place, state);

export const bodyOf = (state: State, view: View): readonly Line[] => {
  const place = placeOf(state);
  return screenOf(place).body(place, state, view);
};

export const toldBy = (state: State): Told => screenOf(placeOf(state)).tell(placeOf(state), state);
