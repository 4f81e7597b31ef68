// The desk works without this: it adds keys to go through lists, search, enter a
// request and list the keys.

const rows = [...document.querySelectorAll("[data-row]")];
const keys = document.getElementById("keys");
if (keys) keys.hidden = false;

function typing(target) {
  return target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName);
}

function move(by) {
  const here = rows.indexOf(document.activeElement);
  const next = here < 0 ? (by > 0 ? 0 : rows.length - 1) : here + by;
  if (rows[next]) rows[next].focus();
}

const does = {
  j: () => move(1),
  k: () => move(-1),
  "/": () => document.getElementById("find")?.focus(),
  n: () => document.querySelector('.desk a[href="/ops/desk/requests/new"]')?.click(),
  "?": () => {
    if (!keys) return;
    keys.open = !keys.open;
    if (keys.open) keys.querySelector("summary").focus();
  },
};

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && event.target.id === "find") event.target.blur();
  if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target) || !Object.hasOwn(does, event.key)) return;
  event.preventDefault();
  does[event.key]();
});
