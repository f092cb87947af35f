// Adds what needs a script: the page is complete without it.
const style = document.getElementById("figure-style").textContent;
const data = JSON.parse(document.getElementById("data").textContent);

function save(name, type, content) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([content], { type }));
  link.download = name;
  link.click();
  URL.revokeObjectURL(link.href);
}

function button(label, action) {
  const element = document.createElement("button");
  element.type = "button";
  element.textContent = label;
  element.addEventListener("click", action);
  return element;
}

const cell = (value) => (value === null ? "" : /[",\n]/.test(String(value)) ? `"${String(value).replaceAll('"', '""')}"` : String(value));
const csv = (table) => [table.columns, ...table.rows].map((row) => row.map(cell).join(",")).join("\n") + "\n";

document.getElementById("downloads").append(
  ...Object.entries(data).map(([name, table]) => button(`Download ${name} (CSV)`, () => save(`${name}.csv`, "text/csv", csv(table)))));

for (const figure of document.querySelectorAll("figure")) {
  const svg = figure.querySelector("svg");
  const save_svg = () => {
    const copy = svg.cloneNode(true);
    const sheet = document.createElementNS("http://www.w3.org/2000/svg", "style");
    sheet.textContent = style;
    copy.prepend(sheet);
    save(`${figure.id}.svg`, "image/svg+xml", new XMLSerializer().serializeToString(copy));
  };
  figure.querySelector("figcaption").append(" ", button("SVG", save_svg));
}
