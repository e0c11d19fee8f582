import type { JSX } from 'preact';
import { typing } from './types.ts';

/** How far the checker of types is, where that is not as it should be: said once, quietly. */
export function TypesNote(): JSX.Element {
  const says = {
    'not asked': '',
    loading: 'Shapes will be checked as you type, once the compiler is loaded: 1 MB, kept for the next time.',
    ready: '',
    'not here':
      'Shapes are not checked as you type, for the compiler could not be loaded. Everything else works; online, loading the page again brings it.',
  }[typing.value];
  return <div role="status">{says !== '' && <p class="about">{says}</p>}</div>;
}
