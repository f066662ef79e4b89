const HUES = [205, 152, 28, 268, 340, 92];

/** The last two initials (all sample people share the first) on a colour that belongs to the name; First Call has its own mark. */
export function Avatar({ name, app = false }: { name: string; app?: boolean }) {
  if (app) {
    return (
      <span className="avatar app-mark" aria-hidden="true">
        1
      </span>
    );
  }
  const sum = [...name].reduce((total, letter) => total + (letter.codePointAt(0) ?? 0), 0);
  const hue = HUES[sum % HUES.length] ?? 205;
  const letters = name
    .split(/\s+/)
    .map((word) => word[0] ?? '')
    .slice(-2)
    .join('');
  return (
    <span className="avatar" aria-hidden="true" style={{ background: `hsl(${hue} 45% 34%)` }}>
      {letters.toUpperCase()}
    </span>
  );
}
