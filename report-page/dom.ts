type Child = Node | string | undefined;

/** What an element is given: attributes by name; `class` and handlers (`onclick`) among them. */
export type Properties = Readonly<Record<string, string | number | boolean | EventListener | undefined>>;

/** An element. Text becomes text nodes, never markup: values of the database cannot become anything else. */
export function el<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  properties: Properties = {},
  ...children: readonly Child[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  apply(element, properties);
  element.append(...children.filter((child) => child !== undefined));
  return element;
}

const svgNamespace = "http://www.w3.org/2000/svg";

export function svg(tag: string, properties: Properties = {}, ...children: readonly Child[]): SVGElement {
  const element = document.createElementNS(svgNamespace, tag);
  apply(element, properties);
  element.append(...children.filter((child) => child !== undefined));
  return element;
}

function apply(element: Element, properties: Properties): void {
  for (const [name, value] of Object.entries(properties)) {
    if (value === undefined || value === false) continue;
    if (typeof value === "function") element.addEventListener(name.replace(/^on/, ""), value);
    else element.setAttribute(name, value === true ? "" : String(value));
  }
}

export function byId(id: string): HTMLElement {
  const element = document.getElementById(id);
  if (element === null) throw new Error(`the page has no #${id}`);
  return element;
}
