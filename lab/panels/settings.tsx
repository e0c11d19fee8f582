import type { JSX } from 'preact';

/** What the training is a function of; a change begins anew. */
export function SettingsForm(): JSX.Element {
  return (
    <section class="panel" aria-labelledby="settings">
      <h2 id="settings">Settings</h2>
    </section>
  );
}
