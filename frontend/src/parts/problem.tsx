/** What went wrong, in the gateway's words. */
export function Problem({ error, retry }: { error: Error | null; retry?: () => void }) {
  if (!error) return null;
  return (
    <div class="problem" role="alert">
      <span>{error.message}</span>
      {retry && <button onClick={retry}>Try again</button>}
    </div>
  );
}
