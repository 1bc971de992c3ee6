// Where `run` put what is tested.
function named(name) {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is not set: start these tests with tests/browser/run`);
  return value;
}

export const PROGRAM = named("GUIDEPOST");
export const DEMO = named("GUIDEPOST_DEMO");
/** The demo as it is for a site below a path: `careers/` in this folder. */
export const BELOW = named("GUIDEPOST_BELOW");
export const GALLERY = named("GUIDEPOST_GALLERY");
/** The demo with other choices of what its theme lets it choose. */
export const THEMED = named("GUIDEPOST_THEMED");
export const SHOTS = named("GUIDEPOST_SHOTS");
