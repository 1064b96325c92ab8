/** Room for the indentation, an icon and the edge. */
const MARGIN = 6;

/** The text as one line that fits beside its icon, cut with plain dots. */
export function fitted(text: string, columns: number): string {
  const characters = [...text.replace(/\s+/g, ' ')];
  const room = Math.max(10, columns - MARGIN);
  return characters.length <= room ? characters.join('') : `${characters.slice(0, room - 3).join('')}...`;
}
