// What is known of a moment. Every text is data: it goes into the page by textContent, never as markup.

export default function ({ data, parentElement }) {
  const root = parentElement.querySelector(".root");
  root.replaceChildren(caption(data), ...reasons(data.reasons), ...chips(data.facets), facts(data));
  return () => root.replaceChildren();
}

function caption({ caption: parts, recipe }) {
  const text = element("p", "caption");
  for (const [piece, marked] of parts) text.append(marked ? element("mark", "", piece) : piece);
  if (!text.textContent) text.append(element("em", "", "No caption yet"));
  if (recipe) text.title = `Written by ${recipe}`;
  return text;
}

function reasons(all) {
  if (!all.length) return [];
  const list = element("ul", "reasons");
  list.append(...all.map((reason) => element("li", "", reason)));
  return [element("h3", "", "Why it matched"), list];
}

function chips(facets) {
  if (!facets.length) return [];
  const list = element("ul", "chips");
  for (const [name, value] of facets) {
    const chip = element("li");
    chip.append(element("span", "name", name), ` ${value}`);
    list.append(chip);
  }
  return [element("h3", "", "In the picture"), list];
}

function facts({ facts: all, path, recipe }) {
  const list = element("dl", "facts");
  for (const [name, value] of all) list.append(element("dt", "", name), element("dd", "", value));
  if (recipe) list.append(element("dt", "", "Caption by"), element("dd", "", recipe));
  list.append(element("dt", "", "File"));
  const file = element("dd", "file", path ?? "not connected");
  if (path) file.append(copyButton(path));
  list.append(file);
  return list;
}

function copyButton(path) {
  const button = element("button", "", "Copy path");
  button.type = "button";
  button.addEventListener("click", async () => {
    const copied = await navigator.clipboard.writeText(path).then(() => true, () => false);
    button.textContent = copied ? "Copied" : "Copying was not allowed";
    setTimeout(() => Object.assign(button, { textContent: "Copy path" }), 1600);
  });
  return button;
}

function element(tag, name, text) {
  const made = document.createElement(tag);
  if (name) made.className = name;
  if (text !== undefined) made.textContent = text;
  return made;
}
