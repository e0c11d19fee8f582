import type { Locator, Page } from 'playwright-core';

// The editor of the lab, as a learner finds it.

export const workshop = (page: Page): Locator => page.getByRole('region', { name: 'Write it yourself' });

export const editorOf = (page: Page): Locator => workshop(page).getByRole('textbox');

/** The button that goes to an exercise. */
export const exerciseIn = (page: Page, name: string): Locator =>
  workshop(page)
    .getByRole('listitem')
    .getByRole('button', { name: new RegExp(`^${name}\\b`) });

/** What stands in the editor: the lines that are drawn, for a file of this length all of them. */
export async function textIn(page: Page): Promise<string> {
  const lines = await editorOf(page).locator('.cm-line').allInnerTexts();
  return lines
    .map(line => line.replace(/^\n$/, ''))
    .join('\n')
    .trimEnd();
}

/** Waits until the verdict on the exercise at hand says this; where it never does, tells what it said. */
export const verdictIs = async (page: Page, says: string | RegExp): Promise<void> => {
  const verdict = workshop(page).locator('.verdict');
  await verdict
    .getByText(says)
    .first()
    .waitFor()
    .catch(async (error: Error) => {
      error.message += `\nThe verdict: ${await verdict.textContent()}\nThe file: ${await textIn(page)}`;
      throw error;
    });
};

/** What a screen reader is told of it. */
export const spoken = (page: Page): Promise<string | null> =>
  workshop(page).locator('.workshop > [role=status].hidden-text').textContent();
