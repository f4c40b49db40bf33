/* Says while a password is typed how strong it is. All is worked out here; nothing is sent. The server decides. */
const RUNS = ["abcdefghijklmnopqrstuvwxyz", "01234567890", "qwertyuiop", "asdfghjkl", "zxcvbnm"];
const USED_MUCH = /password|sandi|rahasia|indonesia|jakarta|bismillah|sayang|admin|welcome|qwerty|lumbung|jamsostek|bpjs/g;

/* The number of characters that are not foretold by those before them. */
const surprising = (text) => {
  const plain = text.toLowerCase().replace(USED_MUCH, "*");
  const seen = new Set();
  let count = 0;
  for (let at = 0; at < plain.length; at += 1) {
    const three = plain.slice(Math.max(0, at - 2), at + 1);
    const backwards = [...three].reverse().join("");
    const runs = three.length === 3 && RUNS.some((run) => run.includes(three) || run.includes(backwards));
    const repeats = plain[at] === plain[at - 1] || (three.length === 3 && seen.has(three));
    seen.add(three);
    count += runs || repeats ? 0.2 : 1;
  }
  return Math.min(count, 3 * new Set(plain).size);
};

const score = (text, least) => {
  if ([...text].length < least) return 0;
  const count = surprising(text);
  return [8, 12, 16, 22].filter((limit) => count >= limit).length;
};

for (const field of document.querySelectorAll(".strength[data-of]")) {
  const input = document.getElementById(field.dataset.of);
  const words = field.dataset.words.split("|");
  const least = Number(field.dataset.least);
  const meter = field.querySelector("meter");
  const said = field.querySelector("p");
  const show = () => {
    const text = input.value.normalize("NFKC");
    const missing = least - [...text].length;
    meter.value = score(text, least);
    field.hidden = text === "";
    const sentence = missing > 0 ? field.dataset.more.replace("{more}", missing) : words[meter.value];
    if (said.textContent !== sentence) said.textContent = sentence;
  };
  input.addEventListener("input", show);
  show();
}
