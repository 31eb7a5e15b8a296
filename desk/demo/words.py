"""What clients complain of, what we answer and how it ends, in their languages."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Story:
    """One kind of trouble as the client tells it, and how it was put right."""

    category: str
    root_cause: str
    impact: int
    urgency: int
    words: str
    solution: str
    resolution_type: str = "fixed"


STORIES: dict[str, tuple[Story, ...]] = {
    "en": (
        Story("quality", "defect", 2, 2, "Two tills in store 14 restart by themselves every hour.", "We replaced both power supplies and watched the tills for a day: no restart."),
        Story("delivery", "late", 3, 3, "The kiosks promised for Monday are still not here.", "The kiosks were delivered and set up; the carrier now books our dock a day ahead."),
        Story("billing", "invoice", 4, 3, "Your invoice lists a service visit that never took place.", "The visit was taken off and a corrected invoice sent.", "credit"),
        Story("quality", "software", 2, 2, "Since this morning's update no card payment goes through at the self-service tills.", "We rolled the update back in 40 minutes and tested the corrected one with your team."),
        Story("communication", "information", 3, 3, "We hear about maintenance windows only when the screens go dark.", "You now get the calendar of windows a month ahead and a call the day before.", "explained"),
        Story("documentation", "information", 4, 4, "The manual for the new scanners is missing the chapter on cleaning.", "The chapter is written and printed copies are in every store."),
    ),
    "ru": (
        Story("quality", "defect", 2, 2, "Терминал на складе зависает при каждом третьем сканировании.", "Заменили считыватель и проверили сто сканирований подряд: сбоев нет."),
        Story("delivery", "late", 3, 2, "Специалист должен был приехать в девять, а приехал в четыре.", "Выезды теперь подтверждаются звонком за день и за час."),
        Story("billing", "invoice", 4, 3, "В счёте дважды указана одна и та же лицензия.", "Лишняя строка убрана, исправленный счёт отправлен.", "credit"),
        Story("communication", "information", 3, 3, "На наше письмо никто не отвечал три дня.", "Назначили одного ответственного и договорились о сроках ответа.", "explained"),
        Story("quality", "workmanship", 2, 3, "После монтажа киоска в холле торчат провода.", "Провода убраны в канал, монтаж принят вашим инженером."),
        Story("contract_scope", "misunderstanding", 4, 4, "Мы думали, что замена бумаги входит в обслуживание.", "Разобрали договор вместе, бумагу на первый месяц привезли сами.", "explained"),
    ),
    "uk": (
        Story("quality", "software", 2, 2, "Термінал реєстрації не друкує талони для пацієнтів.", "Оновили драйвер принтера на всіх стійках і перевірили разом із вашими адміністраторами."),
        Story("delivery", "late", 3, 3, "Запасні частини їдуть уже другий тиждень.", "Частини доставлено, на складі тепер лежить запас для вас."),
        Story("billing", "invoice", 4, 3, "У рахунку неправильна назва нашої компанії.", "Виправлений рахунок надіслано того ж дня.", "credit"),
        Story("communication", "information", 3, 4, "Ніхто не попередив, що майстер приїде іншого дня.", "Тепер про кожну зміну пишемо й телефонуємо.", "explained"),
        Story("quality", "defect", 3, 2, "Екран у холі мерехтить зранку.", "Замінили блок живлення екрана.", "replacement"),
    ),
    "bg": (
        Story("quality", "defect", 2, 2, "Касата в магазина не издава бонове от сутринта.", "Сменихме печатащата глава и оставихме резервна."),
        Story("delivery", "late", 3, 3, "Ролките хартия закъсняват с три дни.", "Доставихме ги лично и оставихме запас за месец."),
        Story("billing", "invoice", 4, 4, "Във фактурата има чужд артикул.", "Издадохме нова фактура.", "credit"),
        Story("communication", "information", 4, 3, "Не ни казахте, че техникът ще дойде по-късно.", "Обаждаме се преди всяко посещение.", "explained"),
    ),
}  # fmt: skip

ANSWERS = {
    "en": "We are sorry for the trouble, and thank you for telling us. I have taken this up myself and a technician is looking at it now.",
    "ru": "Нам жаль, что так вышло, и спасибо, что сообщили. Я лично занимаюсь этим, специалист уже смотрит.",
    "uk": "Нам шкода, що так сталося, і дякуємо, що повідомили. Я особисто займаюся цим, спеціаліст уже дивиться.",
    "bg": "Съжаляваме за неудобството и благодарим, че ни казахте. Лично се заех с това, техник вече го преглежда.",
}
UPDATES = {
    "en": "We are still at it: the part is on its way. You will hear from us again tomorrow.",
    "ru": "Мы продолжаем: деталь уже в пути. Завтра напишем снова.",
    "uk": "Ми працюємо далі: деталь уже в дорозі. Завтра напишемо знову.",
    "bg": "Продължаваме: частта пътува. Утре пак ще ви пишем.",
}
QUESTIONS = {
    "en": "Which device is it exactly, and may we restart it remotely tonight?",
    "ru": "Какое именно устройство и можно ли перезапустить его удалённо сегодня вечером?",
    "uk": "Який саме пристрій і чи можна перезапустити його віддалено сьогодні ввечері?",
    "bg": "Кое точно е устройството и може ли да го рестартираме дистанционно тази вечер?",
}
CLIENT_ANSWERS = {
    "en": "It is the second one from the entrance. Restart it after 20:00, please.",
    "ru": "Второе от входа. Перезапускайте после 20:00, пожалуйста.",
    "uk": "Другий від входу. Перезапускайте після 20:00, будь ласка.",
    "bg": "Второто от входа. Рестартирайте след 20:00, моля.",
}
NOTES = (
    "Spare part taken from the van, order a new one.",
    "Same model as in the case of last month: compare the serial numbers.",
    "Called the store: they are calm, but tired of it.",
)
TALKS = {
    "en": ("Walked through the open points; they plan two more stores in autumn.", "Quarterly figures are good, they want to see us before the budget round.", "Asked how the new tills are doing: fine, staff like them."),
    "ru": ("Прошли по открытым вопросам, планируют второй склад.", "Спросили о новых терминалах: всё хорошо, персонал доволен.", "Обсудили график выездов на следующий месяц."),
    "uk": ("Пройшлися відкритими питаннями, планують ще одну філію.", "Запитали про нові стійки: усе добре.", "Обговорили графік візитів на наступний місяць."),
    "bg": ("Минахме по отворените въпроси.", "Попитахме за новата каса: доволни са.", "Уговорихме посещение другата седмица."),
}  # fmt: skip
PROMISES = {
    "en": "Send the list of spare parts with prices",
    "ru": "Прислать перечень запчастей с ценами",
    "uk": "Надіслати перелік запчастин із цінами",
    "bg": "Да изпратим списък на резервните части с цени",
}
