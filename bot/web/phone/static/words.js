// The words of the page itself, in both languages; what the bot says is the bot's.

const WORDS = {
  vi: {
    tagline: "Bản dùng thử",
    clock: "Đồng hồ của bản dùng thử",
    plus_hour: "+1 giờ",
    tomorrow: "7:00 mai",
    friday: "16:00 thứ Sáu",
    pick_time: "Chọn ngày giờ",
    set_time: "Đặt giờ",
    add_phone: "Mở máy khác",
    elsewhere: "{n} máy chưa mở có tin mới",
    offline: "Mất kết nối với bot. Đang nối lại…",
    language: "EN",
    language_label: "Switch to English",
    tabs: "Các điện thoại đang mở",
    phone_of: "Điện thoại của {name}",
    plain: "như Zalo",
    plain_label: "Như Zalo: không nút bấm, không sửa tin",
    plain_on: "Máy này giờ như Zalo: không có nút. Nhắn “trợ giúp”, hoặc trả lời bằng số.",
    plain_off: "Máy này có lại nút bấm.",
    close: "Đóng",
    close_phone: "Đóng điện thoại của {name}",
    messages: "Tin nhắn với Ấp Số",
    intro: "Trợ lý của tổ công nghệ số cộng đồng",
    intro_or: "hoặc cứ nhắn một câu như nói với người quen",
    start: "Bắt đầu",
    earlier: "Xem tin cũ hơn",
    edited: "đã sửa",
    sending: "đang gửi…",
    failed: "chưa gửi được",
    typing: "Ấp Số đang trả lời…",
    unread: "{n} tin chưa đọc",
    jump: "Xuống tin mới nhất",
    jump_unread: "{n} tin mới",
    menu: "Nút chọn nhanh",
    menu_hide: "Ẩn nút chọn nhanh",
    menu_show: "Hiện nút chọn nhanh",
    attach: "Gửi ảnh",
    place: "Gửi vị trí",
    place_here: "Gửi chỗ tôi đang đứng",
    place_or: "hoặc chọn một chỗ trong xã giả định, hoặc gõ tọa độ:",
    place_hall: "Nhà văn hóa ấp",
    place_market: "Chợ xã",
    place_office: "Ủy ban xã",
    place_typed: "9.931, 106.344",
    place_refused: "Máy không cho trang này biết vị trí. Anh/chị chọn một chỗ dưới đây, hoặc gõ tọa độ.",
    place_unknown: "Máy chưa biết mình đang ở đâu. Anh/chị chọn một chỗ dưới đây, hoặc gõ tọa độ.",
    place_unread: "Em chưa đọc được tọa độ. Ví dụ: 9.931, 106.344",
    input: "Nhập tin nhắn",
    input_plain: "Số hoặc tin nhắn",
    send: "Gửi",
    drop: "Thả ảnh vào đây",
    preview: "Ảnh sắp gửi",
    remove: "Bỏ ảnh {name}",
    too_many: "Mỗi lần gửi được nhiều nhất 10 ảnh.",
    too_big: "“{name}” lớn hơn 10 MB nên không gửi được.",
    photo: "Ảnh {n}",
    document: "Tài liệu",
    viewer: "Xem ảnh",
    photo_before: "Ảnh trước",
    photo_after: "Ảnh sau",
    choose_title: "Mở điện thoại của ai?",
    search: "Tìm tên hoặc đơn vị, gõ không dấu cũng được",
    nobody: "Không tìm thấy ai. Thử một phần tên hoặc tên ấp.",
    opened: "đang mở",
    no_phones: "Chưa mở điện thoại nào.",
    hints: "Tỉnh giả định: ba người, ba điện thoại, một bot. Bấm thử lần lượt:",
    hint_report: "Thành viên: bấm Báo cáo",
    hint_assign: "Đầu mối xã: bấm Giao việc",
    hint_broadcast: "Quản trị: bấm Thông báo",
    hint_tomorrow: "7:00 mai: nhắc việc",
    hint_friday: "16:00 thứ Sáu: tổng hợp tuần",
    roles: {},
    hints_close: "Cất các gợi ý",
    days: ["Chủ nhật", "Thứ Hai", "Thứ Ba", "Thứ Tư", "Thứ Năm", "Thứ Sáu", "Thứ Bảy"],
    no_answer: "Không nối được với bot. Xin thử lại.",
  },
  en: {
    tagline: "Demo",
    clock: "The demo's clock",
    plus_hour: "+1 hour",
    tomorrow: "7:00 tomorrow",
    friday: "16:00 Friday",
    pick_time: "Pick a day and hour",
    set_time: "Set",
    add_phone: "Open a phone",
    elsewhere: "{n} phones not open have news",
    offline: "Connection to the bot lost. Reconnecting…",
    language: "VI",
    language_label: "Đổi sang tiếng Việt",
    tabs: "Open phones",
    phone_of: "{name}'s phone",
    plain: "like Zalo",
    plain_label: "Like Zalo: no buttons, no edits",
    plain_on: "This phone is like Zalo now: no buttons. Write “help”, or answer with numbers.",
    plain_off: "This phone has buttons again.",
    close: "Close",
    close_phone: "Close {name}'s phone",
    messages: "Messages with Ấp Số",
    intro: "Assistant of the community digital-technology team",
    intro_or: "or simply write as you would to a friend",
    start: "Start",
    earlier: "Earlier messages",
    edited: "edited",
    sending: "sending…",
    failed: "not sent",
    typing: "Ấp Số is answering…",
    unread: "{n} unread",
    jump: "To the latest message",
    jump_unread: "{n} new",
    menu: "Quick choices",
    menu_hide: "Hide quick choices",
    menu_show: "Show quick choices",
    attach: "Send photos",
    place: "Send a place",
    place_here: "Send where I am",
    place_or: "or choose a point of the invented commune, or type one:",
    place_hall: "Hamlet hall",
    place_market: "Market",
    place_office: "Commune office",
    place_typed: "9.931, 106.344",
    place_refused: "This page may not know where the device is. Choose a point below, or type one.",
    place_unknown: "The device does not know where it is. Choose a point below, or type one.",
    place_unread: "That cannot be read as a point. For example: 9.931, 106.344",
    input: "Write a message",
    input_plain: "Number or message",
    send: "Send",
    drop: "Drop photos here",
    preview: "Photos to send",
    remove: "Remove photo {name}",
    too_many: "Ten photos at most at once.",
    too_big: "“{name}” is larger than 10 MB and cannot be sent.",
    photo: "Photo {n}",
    document: "Document",
    viewer: "Photo viewer",
    photo_before: "Previous photo",
    photo_after: "Next photo",
    choose_title: "Whose phone?",
    search: "Search a name or unit, accents optional",
    nobody: "Nobody found. Try part of a name or of a hamlet's name.",
    opened: "open",
    no_phones: "No phone is open.",
    hints: "An invented province: three people, three phones, one bot. Try in turn:",
    hint_report: "Member: press Report",
    hint_assign: "Commune lead: press Hand out",
    hint_broadcast: "Administrator: press Broadcast",
    hint_tomorrow: "7:00 tomorrow: reminders",
    hint_friday: "16:00 Friday: the week’s summary",
    roles: {
      "Thành viên": "Member",
      "Tổ trưởng": "Team head",
      "Tổ phó": "Deputy head",
      "Quản trị": "Administrator",
      "Đầu mối xã": "Commune lead",
      "Đầu mối huyện": "District lead",
      "Đầu mối tỉnh": "Province lead",
      "Phó đầu mối xã": "Deputy commune lead",
      "Phó đầu mối huyện": "Deputy district lead",
      "Phó đầu mối tỉnh": "Deputy province lead",
    },
    hints_close: "Put the hints away",
    days: ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"],
    no_answer: "The bot cannot be reached. Please try again.",
  },
};

// The labels that the menus of phones may have for these, whatever language their owners speak.
export const LABELS = {
  report: ["Báo cáo", "Report"],
  assign: ["Giao việc", "Hand out"],
  broadcast: ["Thông báo", "Broadcast"],
};

let language = localStorage.getItem("apso.language") === "en" ? "en" : "vi";

export function otherLanguage() {
  language = language === "vi" ? "en" : "vi";
  localStorage.setItem("apso.language", language);
}

export function t(key, values = {}) {
  const words = WORDS[language][key];
  if (typeof words !== "string") return words;
  return words.replace(/\{(\w+)\}/g, (whole, name) => String(values[name] ?? whole));
}

// What somebody is, and where: the demo says it in Vietnamese.
export function role(person) {
  return t("roles")[person.role] ?? person.role;
}

// Fills in every element that names its words by data-t (content), data-t-label and data-t-placeholder.
export function translate(root) {
  document.documentElement.lang = language;
  for (const one of root.querySelectorAll("[data-t]")) one.textContent = t(one.dataset.t);
  for (const one of root.querySelectorAll("[data-t-label]")) {
    one.setAttribute("aria-label", t(one.dataset.tLabel));
    if (one.matches("button")) one.title = t(one.dataset.tLabel);
  }
  for (const one of root.querySelectorAll("[data-t-placeholder]")) one.placeholder = t(one.dataset.tPlaceholder);
}

// "2026-11-27T16:00:00+07:00" is read as it is written: the page shows the demo's zone, never the computer's.
export function hourOf(iso) {
  return iso.slice(11, 16);
}

export function dayOf(iso) {
  const [year, month, day] = iso.slice(0, 10).split("-").map(Number);
  const weekday = new Date(Date.UTC(year, month - 1, day)).getUTCDay();
  return `${t("days")[weekday]} ${day}/${month}/${year}`;
}
