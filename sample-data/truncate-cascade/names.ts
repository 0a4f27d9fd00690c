/** Words the tracker is filled with. Some carry quotes, accents, line breaks and emoji: real ones do. */
export const companies = [
  "Harbour Lockers",
  "Åkerström Farming",
  "Ferryline",
  "O'Neill Signage",
  "Mirador Labs",
];
export const people = ["Ada", "Bo", "Chidi", "Dunja", "Eyvind", "Fatou", "Göran", "Hye-jin", "Ines", "Jules"];
export const teams = ["Web", "Mobile", "Platform", "Design", "Billing"];
export const labels = ["Bug", "Feature", "Improvement", "Won't fix", "Customer", "Großkunde"];
export const colors = ["#eb5757", "#bb87fc", "#4ea7fc", "#26b5ce"];
export const projects = [
  "Onboarding",
  "New billing",
  "Offline mode",
  "Search v2",
  "“Zero inbox”",
  "Migration",
];
export const projectStates = ["planned", "started", "paused", "completed"];
export const services = ["slack", "github", "sentry", "figma"];
export const plans = ["free", "standard", "plus"];

export const states = ["backlog", "todo", "started", "done", "canceled"];
export const estimates = ["1.0", "2.0", "3.5", "5.0", "8.0"];

const verbs = ["Fix", "Add", "Remove", "Investigate", "Speed up", "Redesign", "Document", "Don't lose"];
const things = [
  "the login page",
  "CSV export",
  "keyboard shortcuts",
  "the café menu sample",
  "retries; and 'quotes'",
  "e-mail digests",
  "unread counts",
  'the "NULL" placeholder',
];
export const titles = verbs.flatMap((verb) => things.map((thing) => `${verb} ${thing}`));

export const texts = [
  "As discussed on Tuesday.\n\n- [ ] measure\n- [ ] decide",
  "Steps to reproduce:\n1. Open the app\n2. Go offline \\ go online",
  "We need this for the Åkerström rollout.",
  "See the customer's mail: “it's gone”.",
  "",
  "Latency p95 > 200 ms since last week 📈",
  "null",
];
export const remarks = [
  "Looks good 👍",
  "Can't reproduce on staging.",
  "Shipped.",
  "Who owns this?",
  "Let's talk about it after stand-up",
  "-- moving to next cycle; blocked by legal",
  "It's the cache again\n(it is always the cache)",
];
export const emojis = ["👍", "🎉", "👀", "❤️", "🚀"];
