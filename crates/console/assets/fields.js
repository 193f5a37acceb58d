// Fields that are checked as one types: a complaint only when one has left the field, praise at once.
import { creditCode, phone, residentId } from "./checks.js";

const checks = { "credit-code": creditCode, "resident-id": residentId, phone };
const zh = document.documentElement.lang.startsWith("zh");
const words = {
  "credit-code": zh ? "统一社会信用代码的位数或者校验位不正确" : "the credit code's length or check character is wrong",
  "resident-id": zh ? "号码的位数、日期或者校验位不正确" : "length, date or check character is wrong",
  phone: zh ? "电话号码应为 5 至 20 位数字" : "a telephone number has 5 to 20 digits",
};

for (const input of document.querySelectorAll("[data-check]")) {
  const kind = input.dataset.check;
  const field = input.closest(".field");
  const error = field.querySelector(".error");
  const show = (complain) => {
    const text = input.value.trim();
    // A number as it was shown stays what it is.
    if (text.includes("*") && text === input.defaultValue) return;
    const good = checks[kind](text);
    field.classList.toggle("fine", good);
    const wrong = complain && text !== "" && !good;
    if (good || text === "" || wrong) {
      field.classList.toggle("wrong", wrong);
      input.toggleAttribute("aria-invalid", wrong);
      if (wrong) input.setAttribute("aria-invalid", "true");
      error.hidden = !wrong;
      error.textContent = wrong ? words[kind] : "";
    }
  };
  input.addEventListener("input", () => show(false));
  input.addEventListener("blur", () => show(true));
}
