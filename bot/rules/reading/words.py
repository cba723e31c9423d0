"""The words by which a message is understood, whatever the kinds of activity are: units of count, time, place, mood.

Each group is one tag of the grammar, its phrases parted by "|". They carry their marks; what people type is compared as
in `phrases`.
"""

from __future__ import annotations

# Canonical unit → what is typed for it. "người" is whoever was helped; those who helped are VOLUNTEERS. Each has its
# English name in storage/seed/units.toml.
UNITS: dict[str, str] = {
    "người": """người|ng|bn|ng dân|ngừi|ngừ|người dân|dân|bà con|bà con cô bác|cô bác|cô chú|chú bác|cụ|cụ già|cụ ông
        |cụ bà|ông|bà|ông bà|bà cụ|ông cụ|cô|chú|bác|anh|chị|anh chị|dì|cậu|mợ|thím|em|bạn|bạn trẻ|cháu|bé|hội viên
        |phụ nữ|nông dân|thanh niên|học sinh|người già|người lớn tuổi|người cao tuổi|người lớn|công nhân|khách|vị
        |phụ huynh|đại biểu|user|người dùng|công dân|chủ hộ|chị em|chị em phụ nữ|hội viên phụ nữ|hội viên nông dân
        |ngoại|má|bà mẹ|people|persons|thuyền viên|ngư dân|ngài|ngưòi|ngườ|nguời|nggười|ngời|bà kon|pà con|quần chúng
        |n|ngườii|ngươi|mẹ con|cha con|vợ chồng|ông cháu|giáo dân|phật tử|tín đồ|đồng bào|thợ|tài xế|công chức
        |viên chức|bà cháu|cha mẹ|mệ|o|mạ|ôn|mế|già làng|bà má|nugoi|ngoui|nguio|cán bộ công chức|cbcc|giáo viên
        |người khuyết tật|thí sinh|bệnh nhân|người bệnh|hành khách|du khách|chủ vườn|chủ ghe|cựu chiến binh|ccb
        |cử tri|xã viên|nhân viên|phụ lão|bác sĩ|y tá|sư cô|tu sĩ|thương binh|người nghèo|người có công
        |cán bộ hưu trí|hưu trí|sinh viên|thực khách|chủ trại|chủ tiệm|chủ cửa hàng|bảo vệ|đoàn khách|người bán hàng
        |chủ quán|người bán|người mua bán""",
    "lượt người": """lượt người|lượt ng|lượt ng dân|lượt cô bác|lượt cô chú|lượt người dân|lượt dân|lượt bà con
        |lượt công dân|lượt khách|lượt hội viên""",
    "lượt": "lượt|lược|lược lượt|lượt loa|lượt phát loa|lượt phát thanh",
    "lần": "lần|bận|cữ",
    "hộ": """hộ|nhà|gia đình|gđ|hộ dân|hộ gia đình|căn nhà|hộ nhà|nhà dân|hộ nghèo|hộ gđ|nóc nhà|căn hộ|ngôi nhà
        |nhà dân cư|household|house|hộ bà con|hộ cận nghèo|hộ nông dân|gia đình chính sách|hộ chính sách|mái nhà
        |hộ bán hàng|hộ buôn bán|hộ mua bán""",
    "hộ kinh doanh": "hộ kinh doanh|hộ kd|hộ sản xuất kinh doanh|hộ sxkd",
    "tiểu thương": "tiểu thương|chủ sạp|tt nhỏ",
    "hồ sơ": "hồ sơ|hs|bộ hồ sơ|bộ hs|hso|hsơ|hồ sơ trực tuyến|hồ xơ|bộ giấy tờ|hồ sơ giấy tờ|h.sơ",
    "tài khoản": "tài khoản|tk|acc|account|tài khoảng|tkhoan|t.khoản|nick",
    "lớp": "lớp|lớp học|class|lớp tập huấn",
    "buổi": "buổi|bữa",
    "đợt": "đợt|chuyến|lượt ra quân",
    "cuộc": "cuộc",
    "điểm": "điểm",
    "nhóm": "nhóm|group|gr",
    "trang": "trang facebook|trang fb|trang zalo|trang fanpage|fanpage",
    "bài": "bài|bài viết|bài đăng|post",
    "tin": "tin|mẩu tin|tin nhắn phản ánh",
    "tin bài": "tin bài|tin, bài",
    "tờ": "tờ|tờ rơi|tờ bướm|tờ gấp",
    "tấm": "tấm|bảng|tấm bảng|tấm pano|tấm pa nô|bảng pano|cái bảng",
    "băng rôn": "băng rôn|băng-rôn",
    "bộ": "bộ",
    "máy": "máy",
    "camera": "camera|cam|camera an ninh",
    "tổ công tác": "tổ công tác",
    "mô hình": "mô hình",
    "di tích": "di tích",
    "câu lạc bộ": "câu lạc bộ|clb",
    "gian hàng": "gian hàng|gian|shop|cửa hàng|cửa hàng online",
    "sạp": "sạp|ki ốt|kiốt|kiot|sạp hàng",
    "quầy": "quầy|quầy hàng",
    "tiệm": "tiệm|tiệm tạp hóa|tạp hóa",
    "quán": "quán cà phê chuyển đổi số|quán cà phê số|quán|quán ăn|quán nước",
    "sản phẩm": "sản phẩm|sp|mặt hàng|sphẩm",
    "món": "món|món hàng",
    "thuê bao": "thuê bao|tb",
    "học viên": "học viên|hv|hviên",
    "tuyến phố": "tuyến phố|tuyến phố không tiền mặt|tuyến phố không dùng tiền mặt",
    "tuyến đường": """tuyến đường|tuyến|tuyến đường số|tuyến đường không tiền mặt
        |tuyến đường không dùng tiền mặt""",
    "chợ": "chợ 4.0|chợ số|chợ không tiền mặt|chợ không dùng tiền mặt",
    "đội": "đội",
    "thẻ": "thẻ",
    "mã": "mã",
    "phiếu": "phiếu",
    "ý kiến": "ý kiến",
    "thiết bị": "thiết bị",
}
# A member of the team rather than somebody who was helped; counted as "người".
VOLUNTEERS = """bạn đoàn viên|thành viên|tv|đoàn viên|đvtn|đoàn viên thanh niên|tình nguyện viên|tnv|anh em|ae|cán bộ
        |cán bộ đoàn|cộng tác viên|ctv|đồng chí|đ/c|chiến sĩ|sinh viên|thanh niên tình nguyện|anh chị em
        |thành viên tổ|người trong tổ|bạn trong tổ|chị em trong tổ|đồng chí trong tổ|ace|bạn tình nguyện|người của tổ
        |anh em trong tổ|thành viên trong tổ|tổ viên
        |lượt đoàn viên|lượt thành viên|lượt tình nguyện viên|lượt đvtn|lượt tnv|lượt cán bộ|lượt chiến sĩ"""
# Classifiers: they count nothing by themselves.
CLASSIFIERS = "cái|chiếc|cá|con|trường hợp|th|ca|đứa|thằng"
# Units that belong to every kind of activity: any topic may be counted in them.
SHARED_UNITS = (
    "người", "lượt người", "lượt", "lần", "hộ", "hộ kinh doanh", "tiểu thương", "hồ sơ", "tài khoản", "buổi", "đợt",
    "cuộc", "điểm", "bộ", "máy", "đội", "thẻ", "mã", "sạp", "quầy", "quán", "tiệm",
    "phiếu", "ý kiến", "tấm", "tin", "thiết bị",
    "tuyến đường", "gian hàng", "cái", "di tích", "trang", "trường hợp",
)  # fmt: skip
PERSON_UNITS = ("người", "lượt người", "học viên", "lượt thành viên")
PERSON_WORDS = frozenset(word.strip() for unit in PERSON_UNITS for word in UNITS.get(unit, "").split("|"))
EVENT_UNITS = ("lớp", "buổi", "đợt", "cuộc", "lượt phát", "nhóm", "mô hình", "tin bài", "tờ", "lần", "lượt")
# Ways of saying no; "{no}" in a phrase stands for each of them.
NEGATIONS = "không|ko|k|hk|kg|khg|kh|hông|hổng|hỏng|hong|hok|hem|chẳng"
# The words whose owner has a part in the grammar, whatever its code is.
CLASS, ATTENDEE, OUTING, DUTY, MEETING, GENERAL = "lớp", "học viên", "ra quân", "trực", "họp", "người"
MODEL = "mô hình"

TAGS: dict[str, str] = {
    # What a team does; a topic without a number is asked for after one of these.
    "action": """cài|cài đặt|làm|mở|nộp|giúp|hướng dẫn|hd|chỉ|hỗ trợ|htro|phụ|tạo|đăng ký|đk|kích hoạt|lập|dán|phát
        |tuyên truyền|vận động|tặng|cấp|gặp|thu|ký|dạy|tập huấn|tích hợp|cập nhật|gắn|lắp|bàn giao|số hóa|chuẩn hóa
        |treo|liên kết|in|tổ chức|triển khai|khai|đồng bộ|xác thực|trang bị|đặt|ra mắt|thành lập|họp|trực|đăng|viết
        |tiếp nhận|giới thiệu|bày|cái đặt|cài đặc|đưa|xong|đạt|được|nộp hộ|khai hộ|cài hộ|mở hộ|tạo hộ|đăng ký hộ
        |nộp giùm|khai giùm""",
    # A verb before a topic begins something of its own.
    "verb": """cài|cài đặt|cài cho|làm|mở|nộp|giúp|hướng dẫn|hd|hdẫn|hdan|h.dẫn|chỉ|hỗ trợ|htro|hỗ tr|phụ|đi|ghé|tạo
        |đăng ký|đk|đki|kích hoạt|lập|dán|phát|tuyên truyền|tt|vận động|tặng|đưa|xài|dùng|sử dụng|cấp|tiếp|gặp|thu
        |nhận|ký|chụp|quét|thăm|xuống|vô|vào|dạy|tập huấn|tích hợp|cập nhật|gắn|lắp|bàn giao|số hóa|chuẩn hóa|treo
        |chia sẻ|liên kết|bày|bày cho|bày vẽ|kêu|chở|in|nghe|coi|xem|đạt|thực hiện|xong|tiếp nhận|trả lời|tham gia
        |đến|tới|qua|hoàn thành|lên|bán|học|biết|đồng bộ|xác thực|cài giùm|cài dùm|làm giùm|làm dùm|làm hộ|nộp hộ
        |khai hộ|cài hộ|mở hộ|tạo hộ|đăng ký hộ|giùm|dùm
        |cái đặt|cài đặc|triển khai|tổ chức|mời|vận hành|khai|kê khai|thanh toán|install|help|helped|support|setup
        |done|check|hộ trợ|ra|cử|trang bị|đặt|vẽ|viết|đăng|nói|tuyên truyền về|hướng dẫn cách|ra mắt|thành lập|họp
        |trực|túc trực|dự""",
    # What was planned or is left to do.
    "plan": """ct|sẽ|phải|dự kiến|kế hoạch|chỉ tiêu|ctieu|mục tiêu|phấn đấu|dự định|dự tính|chuẩn bị|sắp|sắp tới|đề nghị
        |yêu cầu|giao|được giao|trên giao|xã giao|huyện giao|cấp trên giao|tỉnh giao|phường giao|còn lại|còn thiếu
        |hẹn|đăng ký làm|định|tính|hạn chót|chậm nhất|tối thiểu phải|ít nhất phải|kiến nghị cấp|đề xuất|lên kế hoạch
        |có kế hoạch|theo kế hoạch là|kế hoạch là|chỉ tiêu là|theo lịch|tới đây|nhiệm vụ|target|plan|kpi|giao chỉ tiêu
        |sẽ làm|quyết tâm|cố gắng|ráng|tranh thủ
        |hứa|bữa nào|để mai|để bữa|hẹn lại|kế hoạch giao|chừng mai|định mai|tính mai|đang định|nếu|chưa xong|tuần sau
        |tháng sau|còn nợ|thiếu|hụt|còn hụt|đề ra|trong thời gian tới|thời gian tới|tiếp tục phấn đấu|đăng kí trước
        |dự trù|mỗi tổ cử|qua tuần|chỉ tiêu giao""",
    # Plans even where no number is told.
    "target": "đề nghị|yêu cầu|phấn đấu|dự kiến|chỉ tiêu|mục tiêu|lên kế hoạch|chậm nhất|ra quân",
    # As little a result, but no plan either.
    "wish": """nhắc các|nhắc mọi người|nhờ xã|nhờ phường|nhờ gửi|gửi thêm|cấp thêm|xin thêm|nhờ cấp|cần|muốn|xin|mong
        |hy vọng|ước gì|ước j
        |ước chi|chờ|đợi|đang chờ|đang đợi|cần thêm""",
    "done": """xin báo|xin ghi nhận|xin gửi|xin gởi|xin nộp|xin cập nhật|xin bổ sung|em xin báo|chốt|chốt số|đã|được
        |đc|dc|đuợc
        |rồi|xong|hôm nay|đạt|hiện đạt|đạt được|mới|vừa|vừa mới|đã được|tới nay|đến nay|kết quả|kq|thực hiện được
        |làm được|hoàn thành|hiện tại|hiện|bữa nay|nay|báo cáo|bc|xin báo cáo|xin bc|dạ báo cáo""",
    "no": """không|ko|k|hk|hok|hông|hong|hổng|hỏng|khg|kg|kh|hem|hôn|khong|kông|không có|ko có|k có|hổng có|chẳng
        |hông có""",
    "not yet": "chưa|chưa có|chưa được|chưa làm|ch",
    # Said of what did not come to anything.
    "failed": """quá hạn|trễ hạn|khóa cửa|đóng cửa|còn dư|còn thừa|bị thừa|mất sóng|mất mạng|mất điện|mất tín hiệu
        |bị hư|bị lỗi|lỗi|bị trả|trả lại|bị trả lại|bị từ chối|từ chối|thất bại|{no} thành công|chưa thành công
        |bị rớt|bị hủy|hủy|sai thông tin|bị kẹt|{no} được|{no} dc|{no} xong|{no} chịu|chưa được|chưa dc|chưa xong
        |{no} làm được|vắng|vắng mặt|vắng nhà|đi vắng|{no} có nhà|{no} có ở nhà|{no} đồng ý|{no} cài được|{no} cần
        |{no} biết|bỏ cuộc|chưa biết|chưa cài được|{no} có điện thoại|{no} có đt|chưa làm được|tồn đọng|tồn
        |đang xử lý|{no} hợp lệ""",
    # A report that nothing was done.
    "nothing": """{no} có số|{no} phát sinh|{no} có phát sinh|{no} hoạt động|{no} có hoạt động|{no} có hoạt động gì
        |{no} có gì hết|{no} có gì báo cáo|{no} có gì để báo cáo|{no} có gì|{no} làm gì|{no} làm được gì
        |{no} làm dc gì|chưa làm được gì|chưa làm dc gì|chưa làm gì|chưa có gì|chưa có gì hết|{no} ai|{no} có ai
        |{no} đi được|{no} đi dc|{no} ra quân|{no} đi|nghỉ|tổ nghỉ|cho nghỉ|{no} có việc|{no} có việc gì
        |{no} có số liệu|{no} có kết quả|{no} có kq|chưa có kết quả|nothing|{no} có chi|{no} có chi mô|chưa có chi
        |0 phát sinh|0 có phát sinh|0 có gì|chưa ra quân|chưa đi được|{no} có hồ sơ nào|chưa có số liệu
        |{no} phát sinh hồ sơ|{no} triển khai|{no} tổ chức|{no} có hộ nào|{no} có hết|{no} có j|{no} j|{no} gì
        |chưa phát sinh|{no} thực hiện|{no} có khách|{no} có người|{no} có ma nào|{no} gặp ai|{no} gặp được ai
        |{no} làm|{no} đi làm|chưa phát sinh gì|chưa hoạt động|{no} có gì mới|chưa có gì mới|0 có ai|0 ai
        |{no} làm được việc gì|{no} đi được nhà nào|{no} đi được hộ nào|{no} mở lớp|ở không|ở ko|ở hông|off
        |tạm nghỉ|tạm dừng""",
    "thanks": """cảm ơn|cám ơn|cảm ơn nhiều|thanks|thank|thank you|chúc|chúc mừng|hoan hô|tuyệt vời|giỏi quá|ghê quá
        |xin chào""",
    "question": """làm sao|sao vậy|sao|thế nào|như thế nào|ở đâu|khi nào|bao giờ|chừng nào|hồi nào|mấy giờ|bao nhiêu
        |nhiêu|hỏi|cho hỏi|cho em hỏi|cho tui hỏi|là gì|là sao|có phải|được {no}|dc {no}|đc {no}|phải {no}
        |có được {no}|có ai|ai biết|ai rành|vậy ta|hả|hở|{no} vậy|chưa vậy|mấy ngày|what|how|when|why|nào vậy|gì vậy
        |hay sao|chưa ta|{no} ta|được {no} ạ|chưa ạ|tại sao|vì sao|đúng {no}|hay chưa|mấy người|mấy hộ|mấy bữa
        |đâu rồi|ntn|xem giúp|coi giùm|chỉ em với|chỉ tui với""",
    "correction": """đếm lại|tính lại|kiểm lại|coi lại|nhập sai|nhập nhầm|nhập lộn|bỏ số cũ|số mới là|báo dư
        |báo thiếu|báo sót|tính dư|ghi dư|ghi thiếu|xin sửa|xin sửa lại|hiệu chỉnh|đề nghị hiệu chỉnh
        |đề nghị điều chỉnh|đề nghị sửa|đề nghị đính chính|xin đính chính|xin điều chỉnh|xin báo lại
        |cho em sửa|cho tui sửa|cho sửa|sửa lại|sữa lại|sửa|đính chính|báo lộn|báo nhầm|báo sai|ghi lộn|ghi nhầm
        |ghi sai|nhầm|lộn|nhắn nhầm|nhắn lộn|gõ nhầm|gõ lộn|đánh nhầm|đánh lộn|điều chỉnh|điều chỉnh lại|chỉnh lại
        |cập nhật lại|bấm lộn|bấm nhầm|ghi trật|báo trật|gõ trật|tính trật|sai rồi|trật rồi|thiệt ra là|thiệt ra
        |đọc lộn|đọc nhầm|nhắn trật|viết nhầm|viết lộn|nói lộn
        |nói nhầm|em lộn|báo lại|gửi lại|số đúng là
        |đúng ra là|đúng ra|mới đúng|chứ {no} phải|sửa thành|sửa giùm|sửa giúp|sửa dùm|sửa số|rút lại|xin rút
        |xin rút lại|fix|tính lộn|tính nhầm|đếm lộn|đếm nhầm|cộng lộn|cộng nhầm|thay cho|đổi lại|đổi thành|sai số
        |thật ra là|thực ra là""",
    # How much a report was off, not how much it should be.
    "off by": "báo dư|báo thiếu|báo sót|tính dư|ghi dư|ghi thiếu",
    # The number after these is not the one meant.
    "denied": """chứ {no} phải|chớ {no} phải|chớ {no}|chớ đâu phải|{no} phải|{no} phải là|chứ {no}|thay vì
        |chứ đâu phải|đâu phải|báo nhầm là|báo lộn là
        |ghi nhầm là|ghi lộn là|nhầm là|lộn là|báo nhầm thành|ghi nhầm thành|báo lộn thành|ghi lộn thành|nhầm thành
        |lộn thành|trước báo|hồi nãy báo|lúc nãy báo|lỡ báo|hồi sáng báo|hồi nãy ghi|lúc nãy ghi|lỡ ghi|thay cho
        |bữa trước báo|báo cáo nhầm|báo cáo lộn|gõ lộn thành|gõ nhầm thành|not|đừng tính|đừng ghi|đừng lấy|khỏi tính
        |trước đó báo|nãy báo|nãy ghi
        |hồi trưa báo|sáng báo|hôm qua báo là|hôm qua báo|bữa qua báo""",
    "changed to": """thành|sang|sửa thành|đổi thành|lên|còn|xuống|xuống còn|mới đúng là|đúng là|đúng phải là|mà là
        |mới đúng""",
    # Figures of a longer time, told beside those of the day.
    "cumulative": """lũy kế|luỹ kế|cộng dồn|lk|tích lũy|lũy kế từ đầu năm|tổng từ trước tới nay|tính từ đầu năm
        |từ trước tới giờ|từ đầu tuần tới giờ|từ đầu tuần đến giờ|từ đầu tuần tới nay|từ đầu tuần đến nay
        |từ đầu tháng tới giờ|từ đầu tháng đến giờ|từ đầu tháng tới nay|từ đầu tháng đến nay|từ đầu năm tới giờ
        |từ đầu năm đến giờ|từ đầu năm tới nay|từ đầu năm đến nay|hổm rày tổng""",
    # What became of something already counted.
    "handled": """chuyển|đã chuyển|xử xong|xử lý xong|giải quyết xong|chuyển lên|xử lý|đã xử lý|giải quyết
        |đã giải quyết|trả lời|đã trả lời|trả kết quả
        |đã trả""",
    "total": """tổng cộng|tổng|tổng số|cộng|cộng chung|tất cả|tổng hết|tổng cộng là|cả thảy|hết thảy|total|tc
        |tổng kết|tổng là|gộp lại|cả tổ|toàn tổ|cả nhóm|cả đội|tất cả là""",
    "parts": """trong đó|trong đó có|trong số đó|trong đó thì|gồm|bao gồm|gồm có|cụ thể|chia ra|tr đó|trđ|t.đó
        |trong này có""",
    "each": "mỗi|mỗi một|từng|mổi|nào cũng|nào cũng được|ai cũng được",
    "also": "thêm|thêm được|nữa|với thêm|ngoài ra|lại thêm|bổ sung|cộng thêm",
    "remaining": "còn|còn lại|hãy còn",
    "and": "và|với|cùng|cùng với|lẫn|&|kèm|kiêm|and",
    "aside": """vào|vô|qua|trên|bằng|để|nhằm|về|nhờ|theo|của|trong|tại|ở|thông qua|cho|liên quan|tới|từ|dạy|nội dung
        |chuyên đề|chủ đề""",
    "at": "ở|tại|trong|khắp|trên|quanh|của|thuộc|cho",
    "link": """là|thì|được|đc|dc|có|cho|đã|rồi|khoảng|tổng|tổng cộng|cộng|số lượng|sl|xong|đạt|mới|vừa|ghi nhận|hết
        |thêm|làm được""",
    "filler": """dạ|ạ|nha|nhé|nhe|nghen|nghe|hen|hén|á|à|ha|hà|em|vậy|luôn|nữa|đó|thôi|rồi|ok|oke|thưa|vâng|ừ|nhen|nè
        |cả|mới|hết""",
    # What a number may stand before without being a result: time, money, age, place, thing.
    "time": """ngày|giờ|tiếng|phút|tháng|năm|tuần|quý|giây|buổi sáng|buổi chiều|buổi tối|hôm|đêm|năm nay
        |tiếng đồng hồ|ngày nay|p|h|g|g rưỡi|năm học|đời|thế hệ|phút nữa""",
    "money": """đồng|đ|k|tr|triệu|triệu đồng|ngàn đồng|nghìn đồng|vnđ|vnd|tỷ|tỉ|tỷ đồng|củ|usd|đô|đô la|chai|ngàn
        |nghìn|ng đồng|đồng bạc|trđ|lít|xị""",
    "age": "tuổi|t|xuân|tuổi trở lên|tuổi rồi",
    "place": """xã|phường|ấp|thôn|khóm|khu phố|kp|huyện|tỉnh|thị trấn|nhà văn hóa|nvh|trung tâm hành chính công
        |trung tâm phục vụ hành chính công|chợ|điểm cầu|điểm trường|bản
        |làng|buôn
        |khu vực|trường|chùa|nhà thờ|đình|công ty|doanh nghiệp|cơ quan|đơn vị|ban ngành|chi bộ|trụ sở|tổ dân phố|cụm
        |xóm|hẻm|con đường|con hẻm|ngân hàng|trung tâm|nhà thông tin|trạm|phòng|hội trường|địa bàn|khu|tuyến dân cư
        |nơi|chỗ|địa điểm|tổ nhân dân|tổ tự quản|xã phường|chi hội|tỉnh thành|quận|trường học|hợp tác xã|htx|đường
        |ngã tư|ngã ba|cầu|bến|bàn|ghế""",
    "thing": """thùng quà|túi quà|báo cáo|bc|lượt xem|lượt tiếp cận|lượt đọc|lượt react|lượt bình luận|lượt comment
        |lượt tải|lượt quan tâm|lượt like|lượt thích|lượt chia sẻ|lượt tương tác|lượt theo dõi|lượt truy cập
        |lượt view|view|clip|video|điện thoại|đt|xe|ly|cây|kg|ký|con|chai|gói|thùng|mét|km|m2|ha|hecta|công đất|câu
        |chữ|lời|số|trang|bước|nội dung|nhiệm vụ|việc|đầu việc|đầu mục|công việc|chuyện|vấn đề|câu hỏi|lý do|ảnh|hình
        |hình ảnh|tấm hình|cách|mặt
        |phần|loại|kiểu|chương trình|kế hoạch|văn bản|công văn|vòng|bên|vợ|chồng|đứa con|mũi|liều|lít|gb|mb|g|sao
        |like|màu|tầng|hàng ghế|ứng dụng|app|phần mềm|tính năng|đề tài|giải|giải thưởng|phần quà|quà|suất quà
        |ổ|cặp|bàn|ghế|tách|trái|quả|con gà|con heo|mẫu ruộng|tin nhắn|mã otp|số điện thoại|thứ|cuốn|quyển|vé|tiết
        |chiếc xe|xe đạp|tổ công nghệ số|tổ|tổ cnscđ|tổ công nghệ số cộng đồng|tổ chuyển đổi số cộng đồng
        |tổ cđscđ|tổ chuyển đổi số|tổ hợp tác|ngành""",
    # The teller does not know for certain, or is not done yet.
    "unsure": """chắc|chắc cũng|chắc khoảng|chắc chừng|hình như|không nhớ|ko nhớ|hổng nhớ|không nhớ rõ|quên|có lẽ
        |không chắc|đâu khoảng|đâu chừng|đâu cỡ|đâu đó|hổng chắc|ko chắc|nghe đâu|đang làm|đang nộp|đang cài
        |đang hướng dẫn|hay sao đó|gì đó|thì phải""",
    # What is told to everybody rather than reported.
    "announce": """nha bà con|bà con ơi|mọi người nhớ|bà con nhớ|kính mời|mời bà con|thông báo|mọi người ơi
        |các bạn ơi|cả nhà ơi|nhé bà con|mn nhớ|ae nhớ|đề nghị bà con|bà con lưu ý|lưu ý""",
    "change": "hư|tăng|tăng thêm|giảm|tăng được|giảm còn|nhiều hơn|ít hơn|chênh lệch|chênh",
    # Who got it was not helped with anything digital.
    "gift": """phần quà|thùng quà|suất quà|túi quà|nhận quà|lì xì|tặng quà|trao quà|phát quà|trao tặng|phát gạo
        |tặng gạo|tặng tiền|quyên góp|ủng hộ|trao tiền|phát tiền|hỗ trợ tiền|trao nhà|tặng tập""",
    # So many of every so many.
    "in turn": "cứ",
    # How many live where somebody is responsible.
    "in charge": "phụ trách|quản lý|chịu trách nhiệm|được giao phụ trách",
    # Who is asked to come.
    "invite": "mời|kính mời|đề nghị mời",
    # A line of remarks.
    "note": "ghi chú|lưu ý|lý do|khó khăn|vướng mắc|nguyên nhân|tồn tại|hạn chế|kiến nghị|đề xuất|đề nghị",
    # What is only spoken of.
    "assign": "phân công|bàn về|bàn việc|thảo luận|rút kinh nghiệm|bàn chuyện",
    # Little words that end a noun.
    "or": """hay|hoặc|hoặc là|hay là|mà|nhưng|nhưng mà|thì|vì|do|nên|tại vì|bởi vì|so với|như|nếu|khi|lúc|sau đó
        |trước|đều|bị|cũng|vẫn""",
    "leave": "xin phép|xin vắng|xin nghỉ|xin phép nghỉ|xin phép vắng",
    "part of day": """sáng|trưa|chiều|chìu|tối|đêm|buổi sáng|buổi chiều|buổi tối|buổi trưa|đợt 1|đợt 2|buổi đầu
        |buổi sau|đợt đầu|đợt sau|lần đầu|lần sau|bữa đầu|bữa sau|hôm đầu|hôm sau|buổi 1|buổi 2""",
    # A number right after these is a name: Đề án 06, mức 2.
    "number name": """đợt|buổi|lần|số|đề án|nghị quyết|nq|công văn|cv|kế hoạch số|kế hoạch|kh|quyết định|qđ|nghị định
        |nđ|thông tư|chỉ thị|văn bản|vb|số nhà|nhà số|mức|mức độ|cấp độ|level|chợ|quốc lộ|ql|tỉnh lộ|đt|đường|hẻm
        |khoản|điều
        |chương|mục|stt|câu|bài số|phòng|phòng số|công văn số|nghị định số|quyết định số|đợt số|kỳ|khóa|bước|phần
        |giai đoạn|version|android|ios|win|windows|đại hội|lần thứ|thứ|tuần|tuần thứ|quý|nhiệm kỳ|cổng
        |cách mạng công nghiệp|công nghiệp|tầng|cấp|hạng|nhóm nợ|đội hình|trường cấp|kênh|số điện thoại|sđt|zalo số
        |hotline
        |tổng đài|mã số|cccd số|cmnd""",
    "unit name": """nhóm|xã|thị trấn|khối|ấp|khu phố|kp|k.p|khóm|phường|tổ|thôn|bản|xóm|tổ dân phố|tdp|tổ nhân dân|tnd
        |cụm|tổ nd
        |tổ công nghệ số ấp|tổ cnscđ ấp|tổ cnsc đ ấp|tổ cns ấp|buôn|làng|khu vực|kv|đội""",
    "kin": """anh|chị|e|tui|cô|chú|bác|bà|ông|dì|cậu|mợ|thím|dượng|má|mẹ|em|bạn|a|c|thầy|sư|ba|tía|ngoại|nội|đồng chí
        |đ/c""",
    "rank": "hai|ba|tư|bốn|năm|sáu|bảy|bẩy|tám|chín|mười|út|cả",
    "background": """nhân khẩu|dân số|tổng số hộ dân|hộ dân trên địa bàn|hộ trên địa bàn|toàn ấp có|toàn xã có
        |dân trong xã|dân trong ấp|dân toàn xã|dân cả xã
        |cả ấp có|ấp có tổng cộng|diện tích|tổng dân số|đảng viên|dân cư|tổng số hộ|tổng số dân|tỷ lệ|tỉ lệ""",
    "participants": """tham gia|ra quân|tham dự|đi cùng|cùng đi|đi chung|phối hợp|có mặt|phụ trách|cùng tham gia
        |thực hiện""",
    # Words that hide a known one inside: nhà văn hóa, đăng nhập.
    "other": """báo thay cho|báo thay|báo cáo thay|chính chứ|sửa soạn|sửa xong|xin sửa nhà|sửa loa|sửa đường|sửa wifi
        |sửa mạng|sửa xe|sửa máy|sửa điện|sửa nhà|sửa chữa|thợ sửa|tiệm sửa
        |nhắc bà con|nhắc dân|nhắc nhở|nhắc chuyện|nhắc vụ|nhắc về
        |nhắc người dân|để em đếm lại|để tui đếm lại|để đếm lại|để coi lại|để em coi lại|để tôi đếm lại
        |để mình đếm lại|để chị đếm lại|để anh đếm lại|để đếm kỹ lại|thường trực|gọi zalo|gọi video zalo|gọi video
        |gọi hình zalo|xài zalo|dùng zalo|nhắn tin zalo|nhắn zalo|coi zalo|chơi zalo|{no} có gì vướng mắc
        |{no} có vướng mắc|{no} vướng mắc|tính là|nhà cổ|nhà thờ tổ|muốn xỉu|muốn khóc|muốn chết|muốn bể|tính cho
        |tính giùm|tính giúp|trả lời đề nghị|theo đề nghị|sắp xếp|sáp nhập|định kỳ|phải là|rồi nghỉ|xong nghỉ|mới nghỉ
        |về nghỉ
        |mong xã thông cảm|mong thông cảm|xin thông cảm
        |quên gởi|nói thay|tính sơ
        |tính ra|tính hết|đề nghị ghi nhận|ngủ ngon|cư trú
        |tạm trú|thường trú|khai tử|vi tính|máy vi tính|nhắc lại|cho chắc|cho chắc ăn|trà sữa|hộp sữa
        |bán sữa|ly sữa|thùng sữa|sữa bột|xin lỗi|xin lũi|xin lũi nha|{no} có số điện thoại|đất đai|di động
        |điện thoại di động|quên báo|quên ghi|quên gửi|quên nhắn|đi bộ|bộ đồ|toàn bộ|nội bộ|quy định|xác định|ổn định
        |nhất định|giao dịch|giao thông|giao lưu|giao tiếp|giao hàng|tính đến|tính từ|du lịch|lịch sử|chờ đợi
        |lần lượt|nghỉ ngơi|nghỉ lễ|nghỉ trưa|nghỉ học|nghỉ hưu|bàn kế hoạch|về kế hoạch|triển khai kế hoạch
        |theo kế hoạch|thực hiện kế hoạch|xây dựng kế hoạch|{no} dùng tiền mặt|{no} tiền mặt|{no} gian|{no} gian mạng
        |không khí|không những|chắc chắn|không chỉ|đăng nhập|bài học|tin nhắn|tin tưởng|tin học|máy bay|dự án|bộ phận
        |bộ đội|cán bộ tư pháp|bộ công an|nhà văn hóa|nhà nước|nhà trường|nhà thuốc|số nhà|tại nhà|ngay tại nhà|ở nhà
        |về nhà|nhà máy|nhà thông tin|người thân|người nhà|ngân hàng chính sách|ngân hàng nhà nước|đăng ký kết hôn
        |kết hôn|ly hôn|hôn nhân
        |đang|lớp trẻ|lớp lang|buổi sáng|buổi chiều|buổi trưa|buổi tối|bữa nay|đi họp phụ huynh|bài bản|tin vui
        |tin buồn|thông tin|lòng tin|niềm tin|hộ khẩu|hộ tịch|trực tiếp|dự báo|dự phòng|vì vậy|ví dụ|vd|vô tư|gần nhà
        |thời gian|địa điểm
        |nhà em|nhà tui|nhà mình|bên nhà|đến từng nhà|từng nhà|nhà nhà|đi nhà|nhà nghỉ|nhà hàng|nhà đèn|nhà cửa
        |người ta|mọi người|mn|người nào|con người|người mình|người khác|nhóm em|nhóm mình|nhóm tổ|cả nhà|mn ơi
        |máy móc|rớt mạng|mạng|máy lạnh|điện máy|bài toán|hợp đồng|phù hợp|kết hợp|hộ trợ|trực tuyến|trực thuộc
        |đài loan|khác nhau|khác|zalo em|zalo tổ|an toàn giao thông|an toàn thực phẩm|họp mặt|họp hành
        |trụ sở|sàn nhà|sàn nhảy|dự giờ|số đông|đăng quang|đài thọ|sim số đẹp|đông người|nhiều người|khi nào rảnh
        |ngày lễ|người lạ|gia đình em|gia đình tui|nhà chú|nhà cô|nhà bà|nhà ông|nhà anh|nhà chị|nhà bác|nhà dì
        |nhà cậu|nhà thím|nhà trọ|bộ quần áo|nhà sàn|tin cậy|thủ tục nhập học|hộ sinh|nhà trẻ|nhóm trẻ
        |gia đình văn hóa|nhà ai|nhà nào|lớp mẫu giáo|xuống cấp|nhóm trưởng|nhóm máu|tình hình|người dân tộc|cho biết
        |người bệnh""",
}
# Single words for people one speaks of or to: never a slip of another word.
KIN = ("anh", "chị", "chú", "bác", "bà", "ông", "dì")
# Tags that change what a message means: their single words count only with their marks, but for these.
GUARDED = (
    "in turn",
    "change",
    "question",
    "plan",
    "wish",
    "failed",
    "nothing",
    "correction",
    "background",
    "not yet",
    "parts",
    "total",
)
CLEAR_WHEN_BARE = (
    "vang",
    "hut",
    "se",
    "sap",
    "muon",
    "neu",
    "phai",
    "can",
    "nghi",
    "sua",
    "nham",
    "chua",
    "nhieu",
    "tong",
    "gom",
    "thieu",
)
# Number words that begin an amount, bare.
NUMBER_WORDS = [
    "không",
    "một",
    "hai",
    "ba",
    "bốn",
    "năm",
    "sáu",
    "bảy",
    "bẩy",
    "tám",
    "chín",
    "mười",
    "hăm",
    "băm",
    "chục",
    "trăm",
    "ngàn",
    "nghìn",
    "triệu",
    "vạn",
    "nửa",
    "tỷ",
    "mươi",
    "vài",
    "mấy",
    "dăm",
    "đôi",
    "hàng",
    "cả",
    "nhiều",
    "đông",
    "vô",
    "số",
    "một",
    "số",
    "một",
    "ít",
    "một",
    "vài",
    "rất",
    "nhiều",
    "hơn",
    "quá",
    "gần",
    "phân",
]
