"""The city's restaurants: cuisine, name, emoji, words, and dishes as (emoji, name, words, cents)."""

from __future__ import annotations

from typing import NamedTuple


class Kind(NamedTuple):
    """What restaurants of a cuisine have in common."""

    cuisine: str
    emoji: str
    names: tuple[str, ...]
    about: str
    dishes: tuple[tuple[str, str, str, int], ...]


KINDS = (
    Kind(
        "Italian",
        "🍕",
        ("Forno Vivace", "Nonna Lucia", "Trattoria del Ponte"),
        "Wood fire, slow dough, quick ovens.",
        (
            ("🍕", "Pizza Margherita", "Tomato, mozzarella, basil", 950),
            ("🍕", "Pizza Diavola", "Spicy salami and chili oil", 1150),
            ("🍝", "Spaghetti Carbonara", "Egg, guanciale, pecorino, pepper", 1250),
            ("🍝", "Penne all'Arrabbiata", "Tomato, garlic and hot chili; vegan", 990),
            ("🥗", "Insalata Caprese", "Ripe tomatoes, mozzarella, basil", 780),
            ("🍰", "Tiramisù", "Coffee, mascarpone, cocoa", 620),
        ),
    ),
    Kind(
        "Japanese",
        "🍣",
        ("Umi Sushi", "Ramen Kaze", "Sakura Kitchen"),
        "Clear broths and cold fish.",
        (
            ("🍣", "Salmon Nigiri", "Eight pieces, wasabi, ginger", 1390),
            ("🍱", "Bento with Teriyaki Chicken", "Rice, pickles, miso soup", 1450),
            ("🍜", "Tonkotsu Ramen", "Pork broth of twelve hours, egg, scallions", 1380),
            ("🍜", "Miso Ramen with Tofu", "Vegetarian, corn and seaweed", 1240),
            ("🍤", "Ebi Tempura", "Shrimp in the lightest batter", 1190),
            ("🍡", "Mochi", "Three, of rice and red beans", 540),
        ),
    ),
    Kind(
        "Indian",
        "🍛",
        ("Saffron House", "Bombay Corner", "Curry Leaf"),
        "Toasted spices, bread from the tandoor.",
        (
            ("🍛", "Butter Chicken", "Tomato, cream, fenugreek; mild", 1320),
            ("🍛", "Chana Masala", "Chickpeas, ginger, lime; vegan", 990),
            ("🍲", "Dal Makhani", "Black lentils cooked overnight", 960),
            ("🍚", "Vegetable Biryani", "Saffron rice, cashews, raita", 1150),
            ("🫓", "Garlic Naan", "From the tandoor, with butter", 380),
            ("🥭", "Mango Lassi", "Yoghurt, mango, cardamom", 430),
        ),
    ),
    Kind(
        "Mexican",
        "🌮",
        ("El Camino", "Taquería Sol", "Casa Maíz"),
        "Corn pressed by hand, every hour.",
        (
            ("🌮", "Tacos al Pastor", "Pork, pineapple, coriander; three", 1090),
            ("🌯", "Burrito with Black Beans", "Vegetarian, rice, guacamole", 1020),
            ("🧀", "Quesadilla", "Melted cheese, mushrooms, salsa verde", 880),
            ("🥑", "Guacamole and Chips", "Avocado, lime, jalapeño", 690),
            ("🍲", "Pozole Rojo", "Hominy stew, hot and red", 1180),
            ("🍩", "Churros", "Cinnamon, dark chocolate", 560),
        ),
    ),
    Kind(
        "Burgers",
        "🍔",
        ("Smash & Sons", "Corner Grill", "Patty Parade"),
        "Thin patties, loud grill.",
        (
            ("🍔", "Double Smash Burger", "Beef, cheddar, pickles, house sauce", 1190),
            ("🍔", "Crispy Chicken Burger", "Buttermilk, slaw, hot honey", 1120),
            ("🍔", "Halloumi Burger", "Vegetarian, roasted peppers", 1080),
            ("🍟", "Rosemary Fries", "Twice fried, sea salt", 450),
            ("🧅", "Onion Rings", "Beer batter, smoked mayonnaise", 520),
            ("🥤", "Vanilla Milkshake", "Real vanilla, cold as can be", 590),
        ),
    ),
    Kind(
        "Thai",
        "🍜",
        ("Bangkok Lane", "Lemongrass", "Baan Thai"),
        "Hot, sour, salty, sweet.",
        (
            ("🍜", "Pad Thai with Shrimp", "Rice noodles, tamarind, peanuts", 1280),
            ("🍛", "Green Curry", "Chicken, coconut milk, Thai basil; hot", 1290),
            ("🥣", "Tom Yum Soup", "Lemongrass, lime leaves, shrimp", 980),
            ("🥗", "Papaya Salad", "Green papaya, lime, chili; vegan", 890),
            ("🥟", "Spring Rolls", "Glass noodles, vegetables; four", 640),
            ("🍚", "Mango Sticky Rice", "Coconut cream, sesame", 670),
        ),
    ),
    Kind(
        "Levantine",
        "🥙",
        ("Beit Zaytoun", "Cedar & Salt", "Falafel Yard"),
        "Olive oil, lemon, and bread to share.",
        (
            ("🥙", "Falafel Wrap", "Tahini, pickled turnip; vegan", 820),
            ("🥙", "Chicken Shawarma", "Garlic sauce, pickles, flatbread", 990),
            ("🫓", "Hummus with Warm Bread", "Chickpeas, olive oil, sumac", 690),
            ("🥗", "Tabbouleh", "Parsley, bulgur, lemon; vegan", 710),
            ("🍢", "Lamb Kofta", "Grilled, yoghurt with mint", 1360),
            ("🍯", "Baklava", "Pistachios, orange blossom", 520),
        ),
    ),
    Kind(
        "Healthy",
        "🥗",
        ("Green Bowl", "Root & Grain", "Daily Garden"),
        "What grows, cut this morning.",
        (
            ("🥗", "Buddha Bowl", "Quinoa, avocado, sweet potato; vegan", 1190),
            ("🥗", "Caesar Salad with Chicken", "Romaine, parmesan, croutons", 1150),
            ("🐟", "Salmon Poke Bowl", "Rice, edamame, cucumber, ponzu", 1420),
            ("🍲", "Lentil Soup", "Carrots, cumin, lemon; vegan", 790),
            ("🥪", "Avocado Toast", "Sourdough, poached egg, radish", 930),
            ("🧃", "Green Juice", "Apple, spinach, ginger", 560),
        ),
    ),
)

FIRST_NAMES = (
    "Ada Bela Cem Dana Emil Fatou Goran Hana Ines Jonas Kira Leo Mila Nuri Olga Pavel Quinn Rosa Sami Tara Ugo Vera "
    "Wim Xenia Yara Zoe"
).split()
LAST_NAMES = "Abel Brandt Costa Diallo Eriksen Fischer Garcia Haddad Ito Jansen Kaya Lopez Moreau Novak Okafor".split()
