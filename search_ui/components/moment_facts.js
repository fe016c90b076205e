// What is known of a moment. Every text is data: it goes into the page by textContent, never as markup.

export default function ({ data, parentElement, setTriggerValue }) {
  const root = parentElement.querySelector(".root");
  const go = (id) => setTriggerValue("go", id);
  root.replaceChildren(
    ...(data.steps.length ? moments("One after the other", data.steps.map((step) => ({ ...step, title: "" })), go) : [caption(data)]),
    ...data.quotes.map(quote),
    likeButton(() => setTriggerValue("like", true)),
    ...reasons(data.reasons),
    ...moments("The same elsewhere", data.repeats.map((one) => ({ ...one, quotes: [], reasons: "" })), go),
    ...chips("In the picture", data.facets),
    ...chips("Tags", data.tags.map((tag) => ["", tag])),
    facts(data),
  );
  return () => root.replaceChildren();
}

function caption({ caption: parts, author }) {
  const text = pieces("p", "caption", parts);
  if (!text.textContent) text.append(element("em", "", "No caption yet"));
  if (author) text.title = `Written by ${author}`;
  return text;
}

// A line of its own, or inside a button, where paragraphs may not be.
function quote({ field, text }, tag = "p") {
  const line = element(tag, "quote");
  line.append(element("span", "name", `${field}: `), pieces("q", "", text));
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
    told.append(element("span", "name", [one.span, one.title].filter(Boolean).join(" · ")));
    told.append(pieces("span", "", one.caption), ...one.quotes.map((said) => quote(said, "span")));
    if (one.reasons) told.append(element("span", "name", one.reasons));
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

function chips(heading, facets) {
  if (!facets.length) return [];
  const list = element("ul", "chips");
  for (const [name, value] of facets) {
    const chip = element("li");
    chip.append(...(name ? [element("span", "name", name), " "] : []), value);
    list.append(chip);
  }
  return [element("h3", "", heading), list];
}

function facts({ facts: all, fields, path, away, author }) {
  const list = element("dl", "facts");
  for (const [name, value] of all) list.append(element("dt", "", name), element("dd", "", value));
  for (const [name, value] of fields) list.append(element("dt", "", name), pieces("dd", "", value));
  if (author) list.append(element("dt", "", "Text by"), element("dd", "", author));
  list.append(element("dt", "", "File"));
  const file = element("dd", "file", path ?? away);
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

function pieces(tag, name, parts) {
  const made = element(tag, name);
  for (const [text, marked] of parts) made.append(marked ? element("mark", "", text) : text);
  return made;
}

function element(tag, name, text) {
  const made = document.createElement(tag);
  if (name) made.className = name;
  if (text !== undefined) made.textContent = text;
  return made;
}
