interface Props {
  count: number;
  labels: string[];
  deleted: boolean;
  correct: (changes: object) => Promise<boolean>;
  remove: () => void;
  restore: () => void;
}

/** New values for all chosen recordings at once; what is left empty stays. */
export function BulkEdit({ count, labels, deleted, correct, remove, restore }: Props) {
  const submit = async (event: SubmitEvent) => {
    event.preventDefault();
    const form = event.currentTarget as HTMLFormElement;
    const data = new FormData(form);
    const changes: Record<string, string> = {};
    for (const name of ["subject", "side", "session", "default_label"]) {
      const value = String(data.get(name) ?? "");
      if (value) changes[name] = value;
    }
    if (Object.keys(changes).length && (await correct(changes))) form.reset();
  };
  return (
    <form class="panel row" onSubmit={submit} aria-label="Correct the chosen recordings">
      <span>{count} chosen</span>
      <label class="field">subject<input name="subject" size={8} /></label>
      <label class="field">
        side
        <select name="side"><option value="">as it is</option><option>left</option><option>right</option></select>
      </label>
      <label class="field">session<input name="session" size={8} /></label>
      <label class="field">
        label
        <select name="default_label">
          <option value="">as it is</option>
          {labels.map((label) => <option key={label}>{label}</option>)}
        </select>
      </label>
      <button disabled={count === 0}>Correct</button>
      {deleted ? (
        <button type="button" disabled={count === 0} onClick={restore}>Restore</button>
      ) : (
        <button type="button" class="danger" disabled={count === 0} onClick={remove}>Delete</button>
      )}
    </form>
  );
}
