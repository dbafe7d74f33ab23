/** Names further away than this share of their length are no help to the reader. */
const MAX_DISTANCE_SHARE = 0.4;

/** How many letters must be put in, taken out, changed or swapped with their neighbour. */
function measureDistance(left: string, right: string): number {
  let beforePrevious: number[] = [];
  let previous = Array.from({ length: right.length + 1 }, (_, index) => index);
  for (let row = 1; row <= left.length; row += 1) {
    const current = [row];
    for (let column = 1; column <= right.length; column += 1) {
      const isSame = left[row - 1] === right[column - 1];
      let least = Math.min(
        (previous[column] ?? 0) + 1,
        (current[column - 1] ?? 0) + 1,
        (previous[column - 1] ?? 0) + (isSame ? 0 : 1),
      );
      const isSwapped = left[row - 1] === right[column - 2] && left[row - 2] === right[column - 1];
      if (row > 1 && column > 1 && isSwapped) {
        least = Math.min(least, (beforePrevious[column - 2] ?? 0) + 1);
      }
      current.push(least);
    }
    beforePrevious = previous;
    previous = current;
  }
  return previous[right.length] ?? 0;
}

/** The valid name that a misspelt one most likely stands for, or undefined where none is near. */
export function findNearestName(name: string, validNames: Iterable<string>): string | undefined {
  const wanted = name.toLowerCase();
  let nearest: string | undefined;
  let least = Infinity;
  for (const validName of validNames) {
    const lengthDifference = Math.abs(validName.length - name.length);
    if (lengthDifference >= least) continue;
    const distance = measureDistance(wanted, validName.toLowerCase());
    if (distance < least) {
      least = distance;
      nearest = validName;
    }
  }
  const allowed = Math.ceil(Math.max(name.length, nearest?.length ?? 0) * MAX_DISTANCE_SHARE);
  return least <= allowed ? nearest : undefined;
}
