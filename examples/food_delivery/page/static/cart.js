// The cart of one restaurant, and the order that it becomes.
import { money, send, toast } from "./page.js";

const form = document.getElementById("cart");
const list = form.querySelector(".lines");
const total = form.querySelector("[data-total]");
const submit = form.querySelector("button");
const cart = new Map();
let key = crypto.randomUUID(); // of this order: sent twice, it is one

document.querySelector(".menu").addEventListener("click", ({ target }) => {
  const button = target.closest("[data-step]");
  if (!button) return;
  const dish = button.closest(".dish");
  const quantity = Math.max(0, Math.min(Number(dish.dataset.stock), (cart.get(dish) ?? 0) + Number(button.dataset.step)));
  quantity ? cart.set(dish, quantity) : cart.delete(dish);
  dish.querySelector("output").textContent = quantity;
  dish.querySelector('[data-step="-1"]').disabled = !quantity;
  dish.querySelector('[data-step="1"]').disabled = quantity >= Number(dish.dataset.stock);
  key = crypto.randomUUID();
  show();
});

function show() {
  const lines = [...cart].map(([dish, quantity]) => {
    const line = document.createElement("li");
    line.textContent = `${quantity} × ${dish.dataset.name}`;
    return line;
  });
  const nothing = Object.assign(document.createElement("li"), { className: "muted", textContent: "Nothing yet." });
  list.replaceChildren(...(lines.length ? lines : [nothing]));
  total.textContent = money([...cart].reduce((sum, [dish, quantity]) => sum + quantity * Number(dish.dataset.price), 0));
  submit.disabled = !lines.length;
}

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  submit.disabled = true;
  submit.textContent = "Paying …";
  const lines = [...cart].map(([dish, quantity]) => ({ dish_id: Number(dish.dataset.dish), quantity, price_cents: Number(dish.dataset.price) }));
  try {
    const order = await send("POST", "/order", { restaurant_id: Number(form.dataset.restaurant), lines, note: form.elements.note.value }, { "Idempotency-Key": key });
    location.href = `/eat/orders/${order.id}`;
  } catch (error) {
    toast(error.message, "bad");
    if (error.status) key = crypto.randomUUID(); // it was answered: another try is another order
    submit.disabled = false;
    submit.textContent = "Order and pay";
  }
});
