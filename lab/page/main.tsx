import { render } from 'preact';
import '../state/theme.ts';
import { Page } from './page.tsx';
import './style.css';

render(<Page />, document.body);
