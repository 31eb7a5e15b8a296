// The page that says "back in a moment" looks every few seconds whether the moment has passed.

const PAUSE = 10_000;

async function look() {
  const answer = await fetch(location.href, { method: "HEAD" }).catch(() => null);
  if (answer?.ok) location.replace(location.href);
  else setTimeout(look, PAUSE);
}

setTimeout(look, PAUSE);
