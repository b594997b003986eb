/** Lines of a table: the first column to the left, numbers to the right. */
export function table(rows: readonly (readonly string[])[]): readonly string[] {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows.map((row) =>
    row
      .map((cell, column) =>
        isText(column, rows) ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0),
      )
      .join('  ')
      .trimEnd(),
  );
}

/** A column is text where a cell below the head does not begin like a number. */
function isText(column: number, rows: readonly (readonly string[])[]): boolean {
  return rows.slice(1).some((row) => /^[^\d<.-]/.test(row[column] ?? ''));
}
