// Check digits, told while one types. The server decides; this only says it sooner.
const SIGNS = "0123456789ABCDEFGHJKLMNPQRTUWXY";

// GB 32100-2015: weights are powers of three modulo 31.
export function creditCode(text) {
  if (!/^[0-9A-HJ-NPQRTUWXY]{2}[0-9]{6}[0-9A-HJ-NPQRTUWXY]{10}$/.test(text)) return false;
  let sum = 0, weight = 1;
  for (const sign of text.slice(0, 17)) { sum += SIGNS.indexOf(sign) * weight; weight = weight * 3 % 31; }
  return SIGNS[(31 - sum % 31) % 31] === text[17];
}

// GB 11643: weights are powers of two modulo 11; the date must be one.
export function residentId(text) {
  if (!/^[1-9][0-9]{16}[0-9Xx]$/.test(text)) return false;
  const [year, month, day] = [text.slice(6, 10), text.slice(10, 12), text.slice(12, 14)].map(Number);
  const date = new Date(Date.UTC(year, month - 1, day));
  if (date.getUTCMonth() !== month - 1 || date.getUTCDate() !== day || date > new Date()) return false;
  let sum = 0, weight = 1;
  for (let place = 17; place >= 0; place--) {
    const digit = /[Xx]/.test(text[place]) ? 10 : Number(text[place]);
    sum += digit * weight;
    weight = weight * 2 % 11;
  }
  return sum % 11 === 1;
}

export function phone(text) { return /^[0-9+-]{5,20}$/.test(text); }
