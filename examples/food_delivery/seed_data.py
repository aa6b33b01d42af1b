"""The city's restaurants: cuisine, name, icon, words, and dishes as (icon, name, words, cents)."""

from __future__ import annotations

from typing import NamedTuple


class Kind(NamedTuple):
    """What restaurants of a cuisine have in common."""

    cuisine: str
    icon: str
    names: tuple[str, ...]
    about: str
    dishes: tuple[tuple[str, str, str, int], ...]


KINDS = (
    Kind(
        "Italian",
        "pizza",
        ("Forno Vivace", "Nonna Lucia", "Trattoria del Ponte"),
        "Wood fire, slow dough, quick ovens.",
        (
            ("pizza", "Pizza Margherita", "Tomato, mozzarella, basil", 950),
            ("pizza", "Pizza Diavola", "Spicy salami and chili oil", 1150),
            ("pasta", "Spaghetti Carbonara", "Egg, guanciale, pecorino, pepper", 1250),
            ("pasta", "Penne all'Arrabbiata", "Tomato, garlic and hot chili; vegan", 990),
            ("salad", "Insalata Caprese", "Ripe tomatoes, mozzarella, basil", 780),
            ("sweet", "Tiramisù", "Coffee, mascarpone, cocoa", 620),
        ),
    ),
    Kind(
        "Japanese",
        "sushi",
        ("Umi Sushi", "Ramen Kaze", "Sakura Kitchen"),
        "Clear broths and cold fish.",
        (
            ("sushi", "Salmon Nigiri", "Eight pieces, wasabi, ginger", 1390),
            ("rice", "Bento with Teriyaki Chicken", "Rice, pickles, miso soup", 1450),
            ("soup", "Tonkotsu Ramen", "Pork broth of twelve hours, egg, scallions", 1380),
            ("soup", "Miso Ramen with Tofu", "Vegetarian, corn and seaweed", 1240),
            ("skewer", "Ebi Tempura", "Shrimp in the lightest batter", 1190),
            ("sweet", "Mochi", "Three, of rice and red beans", 540),
        ),
    ),
    Kind(
        "Indian",
        "curry",
        ("Saffron House", "Bombay Corner", "Curry Leaf"),
        "Toasted spices, bread from the tandoor.",
        (
            ("curry", "Butter Chicken", "Tomato, cream, fenugreek; mild", 1320),
            ("curry", "Chana Masala", "Chickpeas, ginger, lime; vegan", 990),
            ("soup", "Dal Makhani", "Black lentils cooked overnight", 960),
            ("rice", "Vegetable Biryani", "Saffron rice, cashews, raita", 1150),
            ("bread", "Garlic Naan", "From the tandoor, with butter", 380),
            ("drink", "Mango Lassi", "Yoghurt, mango, cardamom", 430),
        ),
    ),
    Kind(
        "Mexican",
        "taco",
        ("El Camino", "Taquería Sol", "Casa Maíz"),
        "Corn pressed by hand, every hour.",
        (
            ("taco", "Tacos al Pastor", "Pork, pineapple, coriander; three", 1090),
            ("wrap", "Burrito with Black Beans", "Vegetarian, rice, guacamole", 1020),
            ("taco", "Quesadilla", "Melted cheese, mushrooms, salsa verde", 880),
            ("salad", "Guacamole and Chips", "Avocado, lime, jalapeño", 690),
            ("soup", "Pozole Rojo", "Hominy stew, hot and red", 1180),
            ("sweet", "Churros", "Cinnamon, dark chocolate", 560),
        ),
    ),
    Kind(
        "Burgers",
        "burger",
        ("Smash & Sons", "Corner Grill", "Patty Parade"),
        "Thin patties, loud grill.",
        (
            ("burger", "Double Smash Burger", "Beef, cheddar, pickles, house sauce", 1190),
            ("burger", "Crispy Chicken Burger", "Buttermilk, slaw, hot honey", 1120),
            ("burger", "Halloumi Burger", "Vegetarian, roasted peppers", 1080),
            ("fries", "Rosemary Fries", "Twice fried, sea salt", 450),
            ("fries", "Onion Rings", "Beer batter, smoked mayonnaise", 520),
            ("drink", "Vanilla Milkshake", "Real vanilla, cold as can be", 590),
        ),
    ),
    Kind(
        "Thai",
        "soup",
        ("Bangkok Lane", "Lemongrass", "Baan Thai"),
        "Hot, sour, salty, sweet.",
        (
            ("soup", "Pad Thai with Shrimp", "Rice noodles, tamarind, peanuts", 1280),
            ("curry", "Green Curry", "Chicken, coconut milk, Thai basil; hot", 1290),
            ("soup", "Tom Yum Soup", "Lemongrass, lime leaves, shrimp", 980),
            ("salad", "Papaya Salad", "Green papaya, lime, chili; vegan", 890),
            ("sushi", "Spring Rolls", "Glass noodles, vegetables; four", 640),
            ("rice", "Mango Sticky Rice", "Coconut cream, sesame", 670),
        ),
    ),
    Kind(
        "Levantine",
        "wrap",
        ("Beit Zaytoun", "Cedar & Salt", "Falafel Yard"),
        "Olive oil, lemon, and bread to share.",
        (
            ("wrap", "Falafel Wrap", "Tahini, pickled turnip; vegan", 820),
            ("wrap", "Chicken Shawarma", "Garlic sauce, pickles, flatbread", 990),
            ("bread", "Hummus with Warm Bread", "Chickpeas, olive oil, sumac", 690),
            ("salad", "Tabbouleh", "Parsley, bulgur, lemon; vegan", 710),
            ("skewer", "Lamb Kofta", "Grilled, yoghurt with mint", 1360),
            ("sweet", "Baklava", "Pistachios, orange blossom", 520),
        ),
    ),
    Kind(
        "Healthy",
        "salad",
        ("Green Bowl", "Root & Grain", "Daily Garden"),
        "What grows, cut this morning.",
        (
            ("salad", "Buddha Bowl", "Quinoa, avocado, sweet potato; vegan", 1190),
            ("salad", "Caesar Salad with Chicken", "Romaine, parmesan, croutons", 1150),
            ("salad", "Salmon Poke Bowl", "Rice, edamame, cucumber, ponzu", 1420),
            ("soup", "Lentil Soup", "Carrots, cumin, lemon; vegan", 790),
            ("bread", "Avocado Toast", "Sourdough, poached egg, radish", 930),
            ("drink", "Green Juice", "Apple, spinach, ginger", 560),
        ),
    ),
)

FIRST_NAMES = (
    "Ada Bela Cem Dana Emil Fatou Goran Hana Ines Jonas Kira Leo Mila Nuri Olga Pavel Quinn Rosa Sami Tara Ugo Vera "
    "Wim Xenia Yara Zoe"
).split()
LAST_NAMES = "Abel Brandt Costa Diallo Eriksen Fischer Garcia Haddad Ito Jansen Kaya Lopez Moreau Novak Okafor".split()
