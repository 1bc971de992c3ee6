// One page of the demo for each kind that the theme designs.
export const TYPES = {
  home: "/",
  section: "/guides/",
  guide: "/guides/front-end-developer/",
  role: "/roles/web-developer/",
  comparison: "/compare/web-developer-vs-software-developer/",
  path: "/paths/back-end/",
  quiz: "/quiz/is-tech-for-you/",
  "quiz-branch": "/quiz/where-to-start/",
  "quiz-result": "/quiz/is-tech-for-you/front-end-developer/",
  questions: "/how-to/technical-interview/",
  glossary: "/glossary/",
  author: "/authors/guidepost-team/",
  courses: "/courses/",
  taxonomy: "/tags/",
  term: "/tags/career-change/",
  docs: "/docs/configuration/",
  search: "/search/?q=accessibility",
  "not-found": "/404.html",
};

/** What the demo does not need, from the gallery: every component, other scripts and directions. */
export const GALLERY_TYPES = {
  everything: "/guides/everything/",
  "right-to-left": "/guides/right-to-left/",
  story: "/stories/night-shift/",
  "questions-page": "/questions/interview/",
  "bare-home": "/",
};

/** Pages that show what a site chose of its theme. */
export const THEMED_TYPES = {
  "themed-home": "/",
  "themed-guide": "/guides/front-end-developer/",
  "themed-role": "/roles/web-developer/",
  "themed-quiz": "/quiz/is-tech-for-you/",
};
