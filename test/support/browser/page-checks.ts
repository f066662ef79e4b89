/*
 * Runs in the page, whose types are not ours: hence as text. An expression whose value is a list of
 * sentences about what a person could not read or hit.
 */
export const PAGE_CHECKS = `(() => {
  const LEAST_TARGET = 24;
  const found = [];
  const page = document.documentElement;
  if (page.scrollWidth > page.clientWidth) {
    found.push('the page scrolls sideways: ' + page.scrollWidth + ' of ' + page.clientWidth);
  }
  const modal = [...document.querySelectorAll('dialog[open]')].at(-1);
  const menuIsOpen = document.querySelector('.workspace')?.dataset.menu === 'true';
  // What lies below a modal dialog or the open menu of a phone is out of reach.
  const root = modal ?? (menuIsOpen && innerWidth < 760 ? document.querySelector('.sidebar') : document.body);
  const name = (node) => {
    const text = (node.getAttribute('aria-label') ?? node.textContent ?? '').trim().slice(0, 50);
    return '<' + node.tagName.toLowerCase() + ' ' + node.className + '> "' + text + '"';
  };
  const isShown = (node) =>
    node.checkVisibility({ visibilityProperty: true, opacityProperty: false }) &&
    node.getClientRects().length > 0 &&
    !node.closest('.quiet, .chip-prefix');
  const scrolls = (node) => {
    for (let up = node.parentElement; up !== null && up !== page; up = up.parentElement) {
      if (['auto', 'scroll'].includes(getComputedStyle(up).overflowX) && up.scrollWidth > up.clientWidth) return up;
    }
    return null;
  };
  for (const node of root.querySelectorAll('*')) {
    if (!isShown(node)) continue;
    const style = getComputedStyle(node);
    const box = node.getBoundingClientRect();
    // What is typed scrolls within its field.
    const isField = node.matches('input, textarea');
    const hidesX = !isField && ['hidden', 'clip'].includes(style.overflowX);
    const hidesY = !isField && ['hidden', 'clip'].includes(style.overflowY);
    if (hidesX && node.scrollWidth > node.clientWidth + 1) found.push('cut off: ' + name(node));
    if (hidesY && node.scrollHeight > node.clientHeight + 1) found.push('cut off below: ' + name(node));
    if (['auto', 'scroll'].includes(style.overflowX) && node.scrollWidth > node.clientWidth + 1 && node.tagName !== 'PRE') {
      found.push('scrolls sideways: ' + name(node));
    }
    const isOutside = box.right > innerWidth + 1 || box.left < -1;
    if (isOutside && scrolls(node) === null && box.width > 0) found.push('outside the screen: ' + name(node));
    const isText = [...node.childNodes].some((one) => one.nodeType === 3 && one.data.trim() !== '');
    if (isText && node.matches('button.button')) {
      const range = document.createRange();
      range.selectNodeContents(node);
      const tops = new Set([...range.getClientRects()].map((rect) => Math.round(rect.top / 8)));
      if (tops.size > 1 && box.height > 40) found.push('a button of two lines: ' + name(node));
    }
    const isTarget = node.matches('button, select, textarea, input:not([type=hidden]), [role=menuitem], summary');
    if (!isTarget || node.disabled) continue;
    const hit = (node.closest('label') ?? node).getBoundingClientRect();
    if (hit.width < LEAST_TARGET || hit.height < LEAST_TARGET) {
      found.push('too small to touch, ' + Math.round(hit.width) + ' by ' + Math.round(hit.height) + ': ' + name(node));
    }
  }
  return [...new Set(found)];
})()`;
