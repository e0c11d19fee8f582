import { render } from 'preact';
import '../state/theme.ts';
import { Page } from './page.tsx';
import './style.css';

render(<Page />, document.body);

// a page on a host of files works without it too, from the second time on; where that cannot be, nothing is lost
if (import.meta.env.MODE === 'static')
  addEventListener('load', () => navigator.serviceWorker?.register('service-worker.js').catch(() => {}));
