// A button on each block of code that copies it.
{
  const said = { copy: "Copy", copied: "Copied", failed: "Not copied", ...document.currentScript.dataset };
  const figures = navigator.clipboard ? document.querySelectorAll(".code") : [];
  for (const figure of figures) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "copy";
    button.textContent = said.copy;
    button.ariaLive = "polite";
    button.addEventListener("click", async () => {
      try {
        await navigator.clipboard.writeText(figure.querySelector("code").textContent);
        button.textContent = said.copied;
      } catch {
        button.textContent = said.failed;
      }
      setTimeout(() => { button.textContent = said.copy; }, 2000);
    });
    figure.append(button);
  }
}
