type Attributes = Readonly<Record<string, string | number | boolean>>;

/**
 * Returns an element with its attributes and children: `element('button', { type: 'button' }, 'Play')`. A false
 * attribute is left out.
 */
export function element<Name extends keyof HTMLElementTagNameMap>(
  name: Name,
  attributes: Attributes = {},
  ...children: (Node | string)[]
): HTMLElementTagNameMap[Name] {
  const made = document.createElement(name);
  setAttributes(made, attributes);
  made.append(...children);
  return made;
}

/** Returns a button with a text, which does `press`. */
export function button(text: string, press: (event: MouseEvent) => void, attributes: Attributes = {}) {
  const made = element('button', { type: 'button', ...attributes }, text);
  made.addEventListener('click', press);
  return made;
}

export function setAttributes(target: Element, attributes: Attributes): void {
  for (const [name, value] of Object.entries(attributes)) {
    // A content security policy forbids style attributes of a page's text, and allows this.
    if (name === 'style') (target as HTMLElement).style.cssText = String(value);
    else if (value === false) target.removeAttribute(name);
    else target.setAttribute(name, value === true ? '' : String(value));
  }
}

let labels = 0;

/** Returns a name that no other element of the page has, for `aria-labelledby` and `for`. */
export function uniqueId(purpose: string): string {
  labels++;
  return `${purpose}-${labels}`;
}
