// The pages work without this: it adds the note on the chosen document, a
// progress bar while the picture is sent, the steps while the photo is made, the
// count of what is written and the secret of a mailed link, and closes the notice on
// the spot.

const byId = (id) => document.getElementById(id);

const upload = byId("upload");
if (upload) {
  showNote();
  byId("document").addEventListener("change", showNote);
  upload.addEventListener("submit", (event) => {
    event.preventDefault();
    send(new FormData(upload));
  });
}

// A double click sends a form once: the second answer would take the place of the first,
// which may show a key that is never shown again.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method !== "post" || form === upload) return;
  if (form.dataset.sent) event.preventDefault();
  form.dataset.sent = "yes";
  setTimeout(() => delete form.dataset.sent, 3000);
});

function showNote() {
  const chosen = byId("document").selectedOptions[0];
  byId("note").textContent = chosen ? chosen.dataset.note : "";
  byId("note").hidden = !chosen;
  byId("notes").hidden = true;
}

function send(data) {
  const request = new XMLHttpRequest();
  request.open("POST", upload.action);
  request.setRequestHeader("Accept", "application/problem+json");
  request.upload.addEventListener("progress", (event) => showSent(event.loaded / event.total));
  request.addEventListener("load", () => {
    // The answer sends the browser on to the photo's page.
    if (request.status < 400) location.assign(request.responseURL);
    else failed(problemText(request.responseText));
  });
  request.addEventListener("error", () => failed("The connection broke. Nothing was kept; please send the picture again."));
  sending(true);
  showSent(0);
  request.send(data);
}

function sending(on) {
  byId("sending").hidden = !on;
  upload.querySelector("button").disabled = on;
  if (on) byId("problem").hidden = true;
}

function showSent(share) {
  byId("sent").value = share;
  const text = share < 1 ? "" : "Sent. One moment…";
  if (byId("sent-text").textContent !== text) byId("sent-text").textContent = text;
}

function failed(text) {
  sending(false);
  byId("problem").textContent = text;
  byId("problem").hidden = false;
  byId("problem").scrollIntoView({ block: "nearest" });
}

function problemText(body) {
  try {
    return JSON.parse(body).detail;
  } catch {
    return "Something went wrong on our side. Please try again.";
  }
}

const making = byId("making");
if (making) {
  const events = new EventSource(making.dataset.events);
  events.addEventListener("status", (event) => {
    const { status, step } = JSON.parse(event.data);
    if (["ready", "rejected", "failed"].includes(status)) {
      events.close();
      location.reload();
    } else if (step) {
      showStep(step);
    }
  });
  // A browser does not come back to a stream that was refused: the page says why.
  events.addEventListener("error", () => {
    if (events.readyState === EventSource.CLOSED) setTimeout(() => location.reload(), 3000);
  });
}

function showStep(name) {
  let reached = false;
  for (const item of making.querySelectorAll("[data-step]")) {
    const current = item.dataset.step === name;
    reached ||= current;
    item.classList.toggle("done", !reached);
    item.classList.toggle("now", current);
    if (current) byId("now").textContent = item.textContent + ".";
  }
}

// Closing the notice keeps what is filled in on the page.
const notice = byId("notice");
if (notice) {
  notice.addEventListener("submit", async (event) => {
    event.preventDefault();
    const body = new URLSearchParams(new FormData(notice));
    try {
      const answer = await fetch(notice.action, { method: "POST", body, redirect: "manual" });
      if (answer.type === "opaqueredirect") notice.parentElement.remove();
      else notice.submit();
    } catch {
      notice.submit();
    }
  });
}

// What stands after the # of a mailed link goes into the form, and out of the address.
function takeSecret() {
  if (location.hash.length < 2) return;
  byId("token").value = location.hash.slice(1);
  byId("linked").hidden = false;
  byId("typed").hidden = true;
  history.replaceState(null, "", location.pathname);
}

if (byId("door")) {
  takeSecret();
  addEventListener("hashchange", takeSecret);
}

const message = byId("message");
if (message && message.dataset.most) {
  const count = () => {
    const left = message.dataset.most - [...message.value.trim()].length;
    byId("message-count").textContent = left < 0 ? `${-left} too many.` : left < 500 ? `${left} left.` : "";
  };
  message.addEventListener("input", count);
  count();
}
