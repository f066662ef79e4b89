import { useEffect, useState, useSyncExternalStore } from 'react';

export type Theme = 'light' | 'dark';

const DARK = '(prefers-color-scheme: dark)';

function subscribe(listener: () => void): () => void {
  const media = matchMedia(DARK);
  media.addEventListener('change', listener);
  return () => media.removeEventListener('change', listener);
}

/** Follows the system until the person chooses; the choice is kept in this browser. */
export function useTheme(): [Theme, () => void] {
  const system = useSyncExternalStore(subscribe, () => matchMedia(DARK).matches) ? 'dark' : 'light';
  const [chosen, setChosen] = useState(() => localStorage.getItem('theme'));
  const theme = chosen === 'light' || chosen === 'dark' ? chosen : system;
  useEffect(() => {
    document.documentElement.dataset.theme = theme;
  }, [theme]);
  const toggle = () => {
    const next = theme === 'dark' ? 'light' : 'dark';
    localStorage.setItem('theme', next);
    setChosen(next);
  };
  return [theme, toggle];
}
