/** A text that stands below its mark. */
export interface Label {
  /** Where its mark is, in pixels. */
  readonly at: number;
  readonly width: number;
  /** Where there is no room for all, the least important go. */
  readonly importance: number;
}

/**
 * Where the texts of marks begin, in one row `room` pixels wide: below the middle of their marks if they can be, moved as
 * little as need be where they would overlap; undefined where there is no room. The marks are in their order.
 */
export function placeLabels(labels: readonly Label[], room: number, gap: number): (number | undefined)[] {
  const shown = new Set(labels);
  const widthOf = () => [...shown].reduce((sum, { width }) => sum + width + gap, -gap);
  while (shown.size > 0 && widthOf() > room)
    shown.delete([...shown].reduce((least, label) => (label.importance < least.importance ? label : least)));
  const starts = new Map<Label, number>();
  // neighbours that overlap become a group, which stands where its texts want to be on average
  const groups: { members: Label[]; width: number; start: number }[] = [];
  const within = (start: number, width: number) => Math.max(0, Math.min(start, room - width));
  for (const label of shown) {
    let group = { members: [label], width: label.width, start: within(label.at - label.width / 2, label.width) };
    for (let before = groups.at(-1); before !== undefined; before = groups.at(-1)) {
      if (before.start + before.width + gap <= group.start) break;
      groups.pop();
      const members = [...before.members, ...group.members];
      const width = before.width + gap + group.width;
      let offset = 0;
      let wish = 0;
      for (const member of members) {
        wish += member.at - member.width / 2 - offset;
        offset += member.width + gap;
      }
      group = { members, width, start: within(wish / members.length, width) };
    }
    groups.push(group);
  }
  for (const { members, start } of groups) {
    let left = start;
    for (const member of members) {
      starts.set(member, left);
      left += member.width + gap;
    }
  }
  return labels.map(label => starts.get(label));
}
