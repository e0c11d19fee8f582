// The static page without a network. The build puts `version`, `files` and `later` above this: every file of the page
// with its hash. Those of `files` are copied together, as a version, when the page is first open; from then on the page
// comes from the copy. Those of `later` are large, and not for everybody: each is copied when it is first asked for.
// Whenever it is opened the browser looks for a newer version, copies it meanwhile, and the next time that one is opened.

const ours = `longhand-lab ${registration.scope} `;
const copy = ours + version;

addEventListener('install', event => event.waitUntil(install()));
addEventListener('activate', event => event.waitUntil(tidy()));
addEventListener('fetch', event => {
  const { method, url } = event.request;
  if (method === 'GET' && url.startsWith(registration.scope)) event.respondWith(answer(event.request));
});

/** A file of another version than this one fails its hash, and then nothing of this version is kept. */
async function install() {
  const cache = await caches.open(copy);
  try {
    await cache.addAll(files.map(([path, integrity]) => new Request(path, { integrity, cache: 'no-cache' })));
    for (const [path] of later) {
      const kept = await caches.match(path, { ignoreVary: true });
      if (kept !== undefined) await cache.put(path, kept);
    }
  } catch (error) {
    await caches.delete(copy);
    throw error;
  }
  await skipWaiting();
}

/** Only the version before is left: a page of it that is open may still load parts of itself. */
async function tidy() {
  const others = (await caches.keys()).filter(name => name.startsWith(ours) && name !== copy);
  await Promise.all(others.slice(0, -1).map(name => caches.delete(name)));
}

async function answer(request) {
  const cache = await caches.open(copy);
  const { origin, pathname } = new URL(request.url);
  const isPage =
    request.mode === 'navigate' && `${origin}${pathname}`.replace(/index\.html$/, '') === registration.scope;
  const options = { ignoreVary: true, ignoreSearch: true };
  const kept = await (isPage ? cache.match('./', options) : cache.match(request, options));
  const there = kept ?? (await caches.match(request, { ignoreVary: true }));
  if (there !== undefined) return there;
  const wanted = later.find(([path]) => new URL(path, registration.scope).href === `${origin}${pathname}`);
  if (wanted === undefined) return fetch(request);
  const fetched = await fetch(new Request(request.url, { integrity: wanted[1] }));
  if (fetched.ok) await cache.put(request.url, fetched.clone()).catch(() => {}); // no room: it is fetched again
  return fetched;
}
