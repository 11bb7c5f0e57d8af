"use strict";
// Hides the exercises that do not hold every word typed; without script the list simply shows all.
const field = document.getElementById("find");
const box = document.querySelector("search.find");
const none = box.querySelector(".none");
const plain = (text) => text.normalize("NFD").replace(/\p{Diacritic}/gu, "").toLowerCase();
box.hidden = false;
field.addEventListener("input", () => {
  const words = plain(field.value).split(/\s+/).filter(Boolean);
  let shown = 0;
  for (const section of document.querySelectorAll("section.phase")) {
    let here = 0;
    for (const tile of section.querySelectorAll("li")) {
      const fits = words.every((word) => plain(tile.textContent).includes(word));
      tile.hidden = !fits;
      here += fits ? 1 : 0;
    }
    section.hidden = here === 0;
    shown += here;
  }
  none.textContent = shown > 0 ? "" : none.dataset.none;
});
