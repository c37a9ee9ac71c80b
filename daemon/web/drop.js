// Files that come through the page: dropped anywhere on it, or chosen.

/** Hand over what is dropped onto the page or chosen with `input`; `adding` says what becomes of it. */
export function takeFiles(input, veil, adding, took) {
  let inside = 0;
  const hasFiles = (event) => event.dataTransfer?.types.includes("Files");
  const over = (by) => (event) => {
    if (!hasFiles(event)) return;
    event.preventDefault();
    inside = Math.max(0, inside + by);
    if (inside && !veil.classList.contains("over")) veil.firstElementChild.textContent = adding.promise;
    veil.classList.toggle("over", inside > 0);
  };
  addEventListener("dragenter", over(1));
  addEventListener("dragleave", over(-1));
  addEventListener("dragover", over(0));
  addEventListener("drop", (event) => {
    over(-Infinity)(event);
    if (hasFiles(event) && event.dataTransfer.files.length) took([...event.dataTransfer.files]);
  });
  input.addEventListener("change", () => {
    const files = [...input.files];
    input.value = "";
    if (files.length) took(files);
  });
  return () => input.click();
}
