// Single terms of a `--where` text, for the lists beside it; whatever else it says stays.

const term = (field: string): RegExp => new RegExp(`(^|\\s)${field}=("[^"]*"|'[^']*'|[^\\s'"]*)(?=\\s|$)`);

/** The one value that `where` asks of a field; "" if it asks nothing, or for several. */
export function termOf(where: string, field: string): string {
  const value = term(field).exec(where)?.[2] ?? "";
  if (/^["']/.test(value)) return value.slice(1, -1);
  return value.includes(",") ? "" : value;
}

/** `where` with this value of the field, or without the field where the value is "". */
export function withTerm(where: string, field: string, value: string): string {
  const rest = where.replace(term(field), " ").trim().replace(/\s+/g, " ");
  if (!value) return rest;
  const quote = /[\s,'=]/.test(value) ? '"' : value.includes('"') ? "'" : "";
  return `${rest} ${field}=${quote}${value}${quote}`.trim();
}
