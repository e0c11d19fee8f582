import type { JSX } from 'preact';
import { DrawnUnits } from './draw-hidden.tsx';
import { Prepared } from './draw-prepared.tsx';
import { Responses } from './draw-responses.tsx';
import { DrawingSheet } from './draw-sheet.tsx';
import './draw.css';

/** A digit drawn here, as the network sees it, and what it answers. */
export function Draw(): JSX.Element {
  return (
    <section class="panel draw" aria-labelledby="draw">
      <h2 id="draw">Draw a digit</h2>
      <p class="about">
        The network answers while you draw. Move the time, or let it train, and watch it change its mind. Nothing of it
        leaves this page.
      </p>
      <div class="parts">
        <DrawingSheet />
        <Responses />
        <Prepared />
        <DrawnUnits />
      </div>
    </section>
  );
}
