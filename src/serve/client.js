// The preview's script: follows the server and loads the page again when something changed.
(() => {
  const script = document.currentScript;
  const own = script.dataset.guidepost;
  const stream = new EventSource(own + "events");
  stream.addEventListener("state", (event) => {
    const state = JSON.parse(event.data);
    if (state.server !== script.dataset.server || String(state.build) !== script.dataset.build) {
      location.reload();
    }
  });
})();
