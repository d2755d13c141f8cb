import { percent, type SegmentAnswer } from "./types";

/** Right answers of each person, the hardest first. */
export function BySubject({ answers }: { answers: SegmentAnswer[] }) {
  const subjects = new Map<string, { n: number; right: number }>();
  for (const [, subject, , , label, answer] of answers) {
    const own = subjects.get(subject) ?? { n: 0, right: 0 };
    subjects.set(subject, { n: own.n + 1, right: own.right + Number(label === answer) });
  }
  const rows = [...subjects].map(([subject, own]) => ({ subject, ...own, share: own.right / own.n })).sort((a, b) => a.share - b.share);
  if (rows.length === 0) return null;
  return (
    <table class="narrow">
      <caption>By subject, on what was held out</caption>
      <thead><tr><th scope="col">subject</th><th scope="col" class="number">segments</th><th scope="col" class="number">right</th></tr></thead>
      <tbody>
        {rows.map(({ subject, n, share }) => (
          <tr key={subject}><th scope="row">{subject || "not named"}</th><td class="number">{n}</td><td class="number">{percent(share)}</td></tr>
        ))}
      </tbody>
    </table>
  );
}
