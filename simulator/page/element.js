const SVG = "http://www.w3.org/2000/svg";

const build = (node, attributes, children) => {
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (value === true) node.setAttribute(name, "");
    else if (value !== false && value != null) node.setAttribute(name, value);
  }
  node.append(...children.filter((child) => child != null && child !== false));
  return node;
};

/** An HTML element with attributes, on… listeners and children; text never becomes markup. */
export const element = (name, attributes = {}, ...children) =>
  build(document.createElement(name), attributes, children);

/** The same for SVG. */
export const drawing = (name, attributes = {}, ...children) =>
  build(document.createElementNS(SVG, name), attributes, children);
