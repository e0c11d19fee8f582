import { effect } from '@preact/signals';
import { render } from 'preact';
import '../state/theme.ts';
import { isLarge } from '../state/view.ts';
import { Page } from './page.tsx';
import './style.css';

effect(() => {
  document.documentElement.classList.toggle('large', isLarge.value);
});
render(<Page />, document.body);
