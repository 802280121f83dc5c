// Elements: found, made, and listened to.

export const $ = (id) => document.getElementById(id);

export function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (value !== false && value !== undefined && value !== null) element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.filter((child) => child !== null && child !== undefined));
  return element;
}

export function icon(path) {
  const drawn = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  drawn.setAttribute("viewBox", "0 0 24 24");
  drawn.setAttribute("aria-hidden", "true");
  drawn.append(document.createElementNS("http://www.w3.org/2000/svg", "path"));
  drawn.firstChild.setAttribute("d", path);
  return drawn;
}

// One listener for all elements of a kind, those of later too.
export function whenTapped(root, selector, act) {
  root.addEventListener("click", (event) => {
    const element = event.target.closest(selector);
    if (element && root.contains(element)) act(element, event);
  });
}

export function label(id, text) { $(id).setAttribute("aria-label", text); $(id).title = text; }

// With a mouse or a trackpad, putting the focus in a field opens no keyboard over half of the page.
export const atDesk = () => matchMedia("(hover: hover) and (pointer: fine)").matches;
