import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Plugin } from 'vite';
import { POLICY } from '../../src/cli/serving/policy.ts';
import { icon } from './icon.ts';

const description = 'A network of one hidden layer learns to read digits, and shows how.';

/** What an installed page is called, and looks like. */
const manifest = {
  ...{ name: 'Longhand: see it learn', short_name: 'Longhand', description },
  ...{ start_url: './', scope: './', display: 'standalone', background_color: '#fbfaf6', theme_color: '#1f5fae' },
  icons: [
    { src: 'icon.svg', sizes: 'any', type: 'image/svg+xml' },
    ...[192, 512].map(side => ({ src: `icon-${side}.png`, sizes: `${side}x${side}`, type: 'image/png' })),
    { src: 'icon-whole.png', sizes: '512x512', type: 'image/png', purpose: 'maskable' },
  ],
};

/** Makes of the page one that lies on any host of files: it brings its policy along, can be installed, and works offline. */
export function forAnyHost(): Plugin {
  // a page cannot say of itself who may frame it
  const policy = POLICY.filter(directive => !directive.startsWith('frame-ancestors')).join('; ');
  let folder: string;
  return {
    name: 'for-any-host',
    configResolved({ root, build }) {
      folder = resolve(root, build.outDir);
    },
    transformIndexHtml: () => [
      {
        tag: 'meta',
        attrs: { 'http-equiv': 'Content-Security-Policy', content: policy },
        injectTo: 'head-prepend',
      },
      { tag: 'link', attrs: { rel: 'manifest', href: './manifest.webmanifest' }, injectTo: 'head' },
      { tag: 'link', attrs: { rel: 'apple-touch-icon', href: './icon-180.png' }, injectTo: 'head' },
    ],
    writeBundle() {
      writeFileSync(join(folder, 'manifest.webmanifest'), JSON.stringify(manifest, undefined, 2));
      for (const side of [180, 192, 512]) writeFileSync(join(folder, `icon-${side}.png`), icon(side));
      writeFileSync(join(folder, 'icon-whole.png'), icon(512, { isWhole: true }));
      writeFileSync(join(folder, 'service-worker.js'), serviceWorkerOf(folder));
    },
  };
}

/** What is large, and for those who write: it is copied when it is first asked for. */
const isForLater = (path: string): boolean => /^assets\/typing-/.test(path);

/** The service worker of the files in this folder. */
export function serviceWorkerOf(folder: string): string {
  const paths = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter(entry => entry.isFile())
    .map(entry =>
      join(entry.parentPath, entry.name)
        .slice(folder.length + 1)
        .split(sep)
        .join('/'),
    )
    .filter(path => path !== 'service-worker.js' && path !== 'licenses.md')
    .sort();
  const listed = (wanted: readonly string[]) =>
    // some hosts lead from index.html to the folder: a page is asked for by that
    wanted.map(path => [path === 'index.html' ? './' : path, `sha256-${hashOf(readFileSync(join(folder, path)))}`]);
  const files = listed(paths.filter(path => !isForLater(path)));
  const later = listed(paths.filter(isForLater));
  const worker = readFileSync(fileURLToPath(new URL('./service-worker.js', import.meta.url)), 'utf8');
  const version = hashOf(Buffer.from(JSON.stringify([files, later]) + worker)).slice(0, 12);
  const lines = (list: readonly string[][]) => list.map(file => `  ${JSON.stringify(file)},\n`).join('');
  return `const version = ${JSON.stringify(version)};\nconst files = [\n${lines(files)}];\nconst later = [\n${lines(later)}];\n\n${worker}`;
}

const hashOf = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('base64');
