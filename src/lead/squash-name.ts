/** "First_Name", "firstName" and "first name" are one name. */
export function squashName(name: string): string {
  return name.length > 80 ? '' : name.toLowerCase().replace(/[^\p{L}\p{N}]/gu, '');
}
