"""SQL of products, offers and draws."""

SAVE_PRODUCT = (
    "INSERT INTO products (org, brand, product, name, category, role, price, currency, cost, supplier, commission_bp,"
    " active, card) VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?) ON CONFLICT (org, brand, product) DO UPDATE SET"
    " name = excluded.name, category = excluded.category, role = excluded.role, price = excluded.price,"
    " currency = excluded.currency, cost = excluded.cost, supplier = excluded.supplier,"
    " commission_bp = excluded.commission_bp, active = excluded.active, card = excluded.card"
)
LIST_PRODUCTS = (
    "SELECT org, brand, card, currency, cost, supplier, commission_bp, active FROM products"
    " WHERE org = ? AND brand = ? ORDER BY product"
)
COUNT_PRODUCTS = "SELECT COUNT(*) FROM products WHERE org = ? AND brand = ? AND active = 1"
SAVE_OFFER = (
    "INSERT INTO offers (org, brand, offer, title, product, price, quantity) VALUES (?,?,?,?,?,?,?)"
    " ON CONFLICT (org, brand, offer) DO UPDATE SET title = excluded.title, product = excluded.product,"
    " price = excluded.price, quantity = excluded.quantity"
)
SAVE_DRAW = (
    "INSERT INTO draws (org, brand, draw, title, prize, prizes, value, method, word) VALUES (?,?,?,?,?,?,?,?,?)"
    " ON CONFLICT (org, brand, draw) DO UPDATE SET title = excluded.title, prize = excluded.prize,"
    " prizes = excluded.prizes, value = excluded.value, method = excluded.method, word = excluded.word"
)
