// What is known of a moment. Every text is data: it goes into the page by textContent, never as markup.

export default function ({ data, parentElement, setTriggerValue }) {
  const root = parentElement.querySelector(".root");
  const go = (id) => setTriggerValue("go", id);
  root.replaceChildren(
    ...(data.steps.length ? moments("One after the other", data.steps, go) : [caption(data)]),
    ...data.quotes.map(quote),
    likeButton(() => setTriggerValue("like", true)),
    ...reasons(data.reasons),
    ...moments("The same elsewhere", data.repeats, go),
    ...chips(data.facets),
    facts(data),
  );
  return () => root.replaceChildren();
}

function caption({ caption: parts, recipe }) {
  const text = element("p", "caption");
  for (const [piece, marked] of parts) text.append(marked ? element("mark", "", piece) : piece);
  if (!text.textContent) text.append(element("em", "", "No caption yet"));
  if (recipe) text.title = `Written by ${recipe}`;
  return text;
}

function quote({ field, text }) {
  const line = element("p", "quote");
  const words = element("q");
  for (const [piece, marked] of text) words.append(marked ? element("mark", "", piece) : piece);
  line.append(element("span", "name", `${field}: `), words);
  return line;
}

function likeButton(answer) {
  const made = element("button", "like", "More like this");
  made.type = "button";
  made.addEventListener("click", answer);
  return made;
}

function moments(heading, all, go) {
  if (!all.length) return [];
  const list = element("ol", "moments");
  for (const one of all) {
    const choose = element("button", "moment");
    choose.type = "button";
    choose.addEventListener("click", () => go(one.id));
    const told = element("span", "told");
    told.append(element("span", "name", `${one.span} · ${one.title}`));
    const text = element("span");
    for (const [piece, marked] of one.caption) text.append(marked ? element("mark", "", piece) : piece);
    told.append(text);
    if (one.picture.address) {
      const still = new Image(96, 54);
      Object.assign(still, { alt: "", src: one.picture.address });
      choose.append(still);
    }
    choose.append(told);
    const place = element("li");
    place.append(choose);
    list.append(place);
  }
  return [element("h3", "", heading), list];
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
